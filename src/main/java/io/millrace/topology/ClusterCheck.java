package io.millrace.topology;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.avro.AvroSerdes;
import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks whether the cluster is ready before an application starts, and creates the topics that are missing. */
public final class ClusterCheck {
    private static final long TIMEOUT_SECONDS = 15;
    private static final long LEADER_RETRY_MS = 50;
    /** Snapshots and reports must keep the order in which they were written. */
    private static final int ORDERED = 1;

    private final MillraceConfig config;

    /** @param config checked configuration */
    public ClusterCheck(MillraceConfig config) {
        this.config = config;
    }

    /**
     * Reaches the registry and the brokers, and creates missing topics if the configuration says so.
     *
     * @param serdes Avro serdes on the configured registry
     * @throws ClusterNotReadyException when something is out of reach, missing or of no use; one line that says what to do
     */
    public void prepare(AvroSerdes serdes) {
        reachRegistry(serdes);
        withAdmin(admin -> {
            List<String> missing = missing(admin);
            if (!config.createsTopics()) {
                requireNone(missing);
            }
            create(admin, missing);
            requireCompaction(admin);
        });
    }

    /**
     * As {@link #prepare}, but creates nothing.
     *
     * @param serdes Avro serdes on the configured registry
     * @throws ClusterNotReadyException when something is out of reach, missing or of no use; one line that says what to do
     */
    public void require(AvroSerdes serdes) {
        reachRegistry(serdes);
        withAdmin(admin -> requireNone(missing(admin)));
    }

    private void reachRegistry(AvroSerdes serdes) {
        try {
            serdes.client().getAllSubjects();
        } catch (IOException e) {
            throw new ClusterNotReadyException(
                    "The schema registry at " + config.schemaRegistryUrl() + " cannot be reached (" + rootMessage(e)
                            + "): start it, or correct schema.registry.url.",
                    e);
        } catch (RestClientException e) {
            throw new ClusterNotReadyException(
                    "The schema registry at " + config.schemaRegistryUrl() + " refuses: " + e.getMessage()
                            + ". Check schema.registry.url and its credentials.",
                    e);
        }
    }

    private interface AdminWork {
        void with(Admin admin) throws InterruptedException, ExecutionException, TimeoutException;
    }

    private void withAdmin(AdminWork work) {
        Map<String, Object> settings = config.client();
        settings.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(TIMEOUT_SECONDS * 1000));
        settings.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "5000");
        try (Admin admin = Admin.create(settings)) {
            work.with(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClusterNotReadyException("Interrupted while reaching the brokers.", e);
        } catch (TimeoutException | ExecutionException | KafkaException e) {
            throw new ClusterNotReadyException(
                    "The Kafka brokers at " + config.bootstrapServers() + " cannot be used (" + rootMessage(e)
                            + "): start them, or correct bootstrap.servers and the security settings.",
                    e);
        }
    }

    private List<String> missing(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> existing = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return config.topics().all().stream()
                .filter(topic -> !existing.contains(topic))
                .toList();
    }

    private static void requireNone(List<String> missing) {
        if (!missing.isEmpty()) {
            throw new ClusterNotReadyException(
                    "These topics are missing: " + String.join(", ", missing)
                            + ". `millrace run` creates them with topics.create=true; or create them, or correct topics.prefix.",
                    null);
        }
    }

    private void create(Admin admin, List<String> missing)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (missing.isEmpty()) {
            return;
        }
        List<NewTopic> topics = missing.stream().map(this::newTopic).toList();
        CreateTopicsResult created = admin.createTopics(topics);
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (NewTopic topic : topics) {
            try {
                created.values().get(topic.name()).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                for (int partition = 0; partition < topic.numPartitions(); partition++) {
                    partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) { // another instance was quicker
                    throw e;
                }
            }
        }
        awaitLeaders(admin, partitions);
    }

    /**
     * A producer that is quicker than a new partition's leader may see its second batch taken and its first one refused for ever. Only
     * leaders can answer for offsets; that a broker has not heard of the topic yet is a matter of milliseconds.
     */
    private static void awaitLeaders(Admin admin, Map<TopicPartition, OffsetSpec> partitions)
            throws InterruptedException, ExecutionException, TimeoutException {
        Set<String> topics =
                partitions.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            try {
                admin.describeTopics(topics).allTopicNames().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                admin.listOffsets(partitions).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(LEADER_RETRY_MS);
            }
        }
    }

    /** By age, the newest weights would be deleted when training pauses. */
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
                return; // who may not look must trust who made the topic
            }
            throw e;
        }
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new ClusterNotReadyException(
                    "The topic " + topic + " has cleanup.policy=" + policy
                            + " and would lose the weights: alter it to compact.",
                    null);
        }
    }

    private NewTopic newTopic(String name) {
        Topics topics = config.topics();
        boolean ordered = name.equals(topics.modelSnapshots()) || name.equals(topics.validationLosses());
        short replication = config.topicReplicationFactor();
        NewTopic topic = new NewTopic(
                name,
                Optional.of(ordered ? ORDERED : config.topicPartitions()),
                replication < 0 ? Optional.empty() : Optional.of(replication));
        if (name.equals(topics.modelSnapshots())) {
            topic.configs(Compaction.EAGER);
        } else if (name.equals(topics.validationLosses()) || name.equals(topics.deadLetters())) {
            // what was learned from old data today would be deleted today if its age counted from the event
            topic.configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
        }
        return topic;
    }

    private static String rootMessage(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
