package io.millrace.topology.startup;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.config.LearnScope;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.training.Changelogs;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;

/** Checks that the cluster is ready before an application starts, and creates missing topics. */
public final class ClusterCheck {
    private static final long TIMEOUT_SECONDS = 15;

    private final MillraceConfig config;
    private final Map<String, Object> client;
    private final List<String> topics;
    private final boolean training; // whether training is about to start

    /**
     * A check of all topics.
     *
     * @param config checked configuration
     */
    public ClusterCheck(MillraceConfig config) {
        this(config, config.topics().all());
    }

    /**
     * A check of some topics only: a user may have no right to see the others.
     *
     * @param config checked configuration
     * @param topics names of the topics
     */
    public ClusterCheck(MillraceConfig config, List<String> topics) {
        this(config, config.client(), topics, false);
    }

    private ClusterCheck(MillraceConfig config, Map<String, Object> client, List<String> topics, boolean training) {
        this.config = config;
        this.client = client;
        this.topics = topics;
        this.training = training;
    }

    /**
     * @param config checked configuration
     * @return a check of the topics that training uses, as training's user
     */
    public static ClusterCheck forTraining(MillraceConfig config) {
        return new ClusterCheck(config, config.trainingClient(), config.topics().training(), true);
    }

    /**
     * @param config checked configuration
     * @return a check of the topics that serving uses, as serving's user
     */
    public static ClusterCheck forServing(MillraceConfig config) {
        return new ClusterCheck(config, config.servingClient(), config.topics().serving(), false);
    }

    /**
     * Contacts the registry and the brokers, and creates missing topics if the configuration says so. Before training starts, also ensures
     * that nothing that was learned is overwritten or learned again.
     *
     * @param serdes Avro serdes on the configured registry
     * @throws ClusterNotReadyException when something cannot be reached, is missing or cannot be used; its message is one line
     */
    public void prepare(AvroSerdes serdes) {
        prepareTopics(serdes);
        prepareLearning(serdes);
    }

    /**
     * The first half of {@link #prepare}: the checks for every role.
     *
     * @param serdes Avro serdes on the configured registry
     * @throws ClusterNotReadyException when something cannot be reached, is missing or cannot be used; its message is one line
     */
    public void prepareTopics(AvroSerdes serdes) {
        reachRegistry(serdes);
        withAdmin(admin -> {
            new RequiredTopics(config, admin, topics).create();
            if (topics.contains(config.topics().modelSnapshots())) {
                requireCompaction(admin);
            }
            requireDeclaredFields(serdes);
        });
    }

    private void requireDeclaredFields(AvroSerdes serdes) {
        DeclarationCheck declared = DeclarationCheck.of(config);
        if (topics.contains(config.topics().examples())) {
            declared.check(serdes, config.topics().examples(), true);
        }
        if (topics.contains(config.topics().features())) {
            declared.check(serdes, config.topics().features(), false);
        }
    }

    /**
     * Decides what training reads: the examples, or the learning log, which is created if it is missing. This depends on the number of
     * partitions, {@code learn.scope} and what was learned before. Call it after {@link #prepareTopics}.
     *
     * @return the configuration with this decision
     * @throws ClusterNotReadyException when the configured scope does not fit what was learned
     */
    public MillraceConfig scoped() {
        AtomicReference<MillraceConfig> scoped = new AtomicReference<>();
        withAdmin(admin -> scoped.set(new LearningScope(config, client, admin).decide()));
        return scoped.get();
    }

    /**
     * Whether the examples have more than one partition now, although training reads them directly and is to learn one model from all of
     * them. It must then read the learning log.
     *
     * @param fault why a thread of training has ended
     */
    public boolean outgrown(Throwable fault) {
        if (config.learnScope() != LearnScope.STREAM || config.topics().learnsFromLog()) {
            return false;
        }
        return Changelogs.mismatch(fault) || hasSeveralPartitions();
    }

    /** @return false also when the brokers do not answer */
    private boolean hasSeveralPartitions() {
        AtomicBoolean grown = new AtomicBoolean();
        try {
            withAdmin(admin -> grown.set(new LearningScope(config, client, admin).hasSeveralPartitions()));
        } catch (ClusterNotReadyException e) {
            return false;
        }
        return grown.get();
    }

    /**
     * The second half of {@link #prepare}: the checks for training only. It may read for a long time.
     *
     * @param serdes Avro serdes on the configured registry
     * @throws ClusterNotReadyException when training would overwrite something that was learned, or learn it again
     */
    public void prepareLearning(AvroSerdes serdes) {
        if (training) {
            withAdmin(admin -> {
                new Changelogs(config, admin).follow();
                new StartupStateCheck(config, client, admin).check(serdes);
            });
        }
    }

    /**
     * Ensures that training's state has a partition for each partition of the examples, when partitions were added while training runs.
     *
     * @throws ClusterNotReadyException when this is not possible, or the brokers do not answer
     */
    public void followPartitions() {
        withAdmin(admin -> new Changelogs(config, admin).follow());
    }

    /**
     * Same as {@link #prepare}, but creates nothing.
     *
     * @param serdes Avro serdes on the configured registry
     * @throws ClusterNotReadyException when something cannot be reached, is missing or cannot be used; its message is one line
     */
    public void require(AvroSerdes serdes) {
        reachRegistry(serdes);
        withAdmin(admin -> new RequiredTopics(config, admin, topics).require());
    }

    /**
     * Contacts the registry and the brokers.
     *
     * @param serdes Avro serdes on the configured registry
     * @return names of the topics that the user may see
     * @throws ClusterNotReadyException when something cannot be reached; its message is one line
     */
    public Set<String> visibleTopics(AvroSerdes serdes) {
        reachRegistry(serdes);
        Set<String> visible = new HashSet<>();
        withAdmin(admin -> visible.addAll(admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS)));
        return visible;
    }

    private void reachRegistry(AvroSerdes serdes) {
        try {
            serdes.client().getAllSubjects();
        } catch (IOException e) {
            throw new ClusterNotReadyException(
                    "The schema registry at " + config.schemaRegistryUrl() + " cannot be reached (" + AuthErrors.root(e)
                            + "). " + AuthErrors.registryAdvice(e),
                    e);
        } catch (RestClientException e) {
            throw new ClusterNotReadyException(
                    AuthErrors.sentence(e)
                            .orElse("The schema registry at " + config.schemaRegistryUrl() + " refuses: "
                                    + e.getMessage() + ". Check schema.registry.url."),
                    e);
        }
    }

    private interface AdminWork {
        void with(Admin admin) throws InterruptedException, ExecutionException, TimeoutException;
    }

    private void withAdmin(AdminWork work) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(TIMEOUT_SECONDS * 1000));
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        try (Admin admin = Admin.create(settings)) {
            work.with(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterNotReadyException("Interrupted while reaching the brokers.", e);
        } catch (RegistryUnavailableException e) {
            throw new ClusterNotReadyException(
                    "The schema registry at " + config.schemaRegistryUrl() + " does not answer a request ("
                            + e.getMessage() + "). " + AuthErrors.registryAdvice(e),
                    e);
        } catch (TimeoutException | ExecutionException | KafkaException e) {
            throw new ClusterNotReadyException(
                    AuthErrors.sentence(e)
                            .orElse("The Kafka brokers at " + config.bootstrapServers() + " cannot be used ("
                                    + AuthErrors.root(e)
                                    + "): start them, or correct bootstrap.servers and the security"
                                    + " settings: does security.protocol match this port?"),
                    e);
        }
    }

    /** Requires compaction. Deletion by age would delete the newest weights when training pauses. */
    private void requireCompaction(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        String topic = config.topics().modelSnapshots();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        String policy;
        try {
            policy = admin.describeConfigs(List.of(resource))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(resource)
                    .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                    .value();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return; // a user without the right to read the settings must trust whoever created the topic
            }
            throw e;
        }
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new ClusterNotReadyException(
                    "The topic " + topic + " has cleanup.policy=" + policy
                            + " and would lose the weights: set it to compact.",
                    null);
        }
    }
}
