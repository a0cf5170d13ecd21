package io.millrace.topology.startup;

import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.Compaction;
import io.millrace.topology.cluster.NewTopics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Finds topics that are missing, and creates each with the settings that its content needs. */
final class RequiredTopics {
    private static final long TIMEOUT_SECONDS = 15;
    /** Snapshots, reports and the learning log must keep the order in which they were written. */
    private static final int ORDERED = 1;
    /** How much larger a copy in the learning log may be than its source. */
    private static final int COPY_BYTES = 64 << 10;

    private final MillraceConfig config;
    private final Admin admin;
    private final List<String> topics;

    RequiredTopics(MillraceConfig config, Admin admin, List<String> topics) {
        this.config = config;
        this.admin = admin;
        this.topics = topics;
    }

    /** @throws ClusterNotReadyException when topics are missing and the configuration says not to create them */
    void create() throws InterruptedException, ExecutionException, TimeoutException {
        List<String> missing = missing();
        if (!config.createsTopics()) {
            requireNone(missing);
        }
        create(missing);
    }

    /** @throws ClusterNotReadyException when topics are missing */
    void require() throws InterruptedException, ExecutionException, TimeoutException {
        requireNone(missing());
    }

    private List<String> missing() throws InterruptedException, ExecutionException, TimeoutException {
        List<String> missing = new ArrayList<>();
        Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(topics).topicNameValues();
        for (String topic : topics) {
            try {
                asked.get(topic).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw AuthErrors.named(e, topic);
                }
                missing.add(topic);
            }
        }
        return missing;
    }

    private static void requireNone(List<String> missing) {
        if (!missing.isEmpty()) {
            throw new ClusterNotReadyException(
                    "These topics are missing: " + String.join(", ", missing)
                            + ". With topics.create=true `millrace run` creates them. Run it first, create them yourself, or"
                            + " correct topics.prefix.",
                    null);
        }
    }

    private void create(List<String> missing) throws InterruptedException, ExecutionException, TimeoutException {
        if (missing.isEmpty()) {
            return;
        }
        List<NewTopic> wanted = new ArrayList<>();
        for (String topic : missing) {
            wanted.add(newTopic(topic));
        }
        CreateTopicsResult created = admin.createTopics(wanted);
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (NewTopic topic : wanted) {
            try {
                created.values().get(topic.name()).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                for (int partition = 0; partition < topic.numPartitions(); partition++) {
                    partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
                }
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) { // another instance created it first
                    throw AuthErrors.named(e, topic.name());
                }
            }
        }
        NewTopics.awaitLeaders(admin, partitions);
    }

    private NewTopic newTopic(String name) throws InterruptedException, ExecutionException, TimeoutException {
        Topics named = config.topics();
        boolean isLog = name.equals(named.learningLog());
        boolean ordered = isLog || name.equals(named.modelSnapshots()) || name.equals(named.validationLosses());
        short replication = config.topicReplicationFactor();
        NewTopic topic = new NewTopic(
                name,
                Optional.of(ordered ? ORDERED : config.topicPartitions()),
                replication < 0 ? Optional.empty() : Optional.of(replication));
        if (name.equals(named.modelSnapshots())) {
            topic.configs(Compaction.EAGER);
        } else if (isLog) {
            topic.configs(ofLog());
        } else if (name.equals(named.validationLosses()) || name.equals(named.deadLetters())) {
            // age by event time would delete today what was learned today from old data
            topic.configs(Map.of(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime"));
        }
        return topic;
    }

    private Map<String, String> ofLog() throws InterruptedException, ExecutionException, TimeoutException {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        settings.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(config.learningLogRetentionMs()));
        ConfigResource examples =
                new ConfigResource(ConfigResource.Type.TOPIC, config.topics().examples());
        try {
            int most = Integer.parseInt(admin.describeConfigs(List.of(examples))
                    .all()
                    .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .get(examples)
                    .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                    .value());
            settings.put(
                    TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                    String.valueOf(Math.min(Integer.MAX_VALUE, (long) most + COPY_BYTES)));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
        }
        return settings;
    }
}
