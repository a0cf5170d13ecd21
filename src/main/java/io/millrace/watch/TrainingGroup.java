package io.millrace.watch;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.ConsumerGroups;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** What the brokers tell of training's consumer group: whether it has members, and how far behind it is. It asks and changes nothing. */
final class TrainingGroup implements AutoCloseable {
    private static final int TIMEOUT_MS = 5000;

    /**
     * What was found.
     *
     * @param running whether the group has members; null when it is not known
     * @param lag committed records that the group has not read, counted by offsets; null when it is not known
     * @param stillMs how long the group has committed nothing, ms, as far as it was watched
     * @param recordsPerSecond that it has committed during the last ten seconds; null when it is not known
     * @param fault why something is not known, a sentence; null if all is known
     */
    record Seen(Boolean running, Long lag, long stillMs, Double recordsPerSecond, String fault) {
        static final Seen NOTHING = new Seen(null, null, 0, null, null);
    }

    private final MillraceConfig config;
    private final Supplier<String> learned;
    private final Admin admin;
    private final CommitProgress progress = new CommitProgress();

    /** @param learned the topic that training reads; null when it is not known */
    TrainingGroup(MillraceConfig config, Supplier<String> learned) {
        this.config = config;
        this.learned = learned;
        Map<String, Object> settings = new HashMap<>(config.client());
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        admin = Admin.create(settings);
    }

    Seen ask() throws InterruptedException {
        try {
            String topic = learned.get() == null ? config.topics().examples() : learned.get();
            long behind = lag(config.applicationId().training(), topic, true);
            if (topic.equals(config.topics().learningLog())) {
                behind += lag(config.applicationId().intake(), config.topics().examples(), false);
            }
            boolean running =
                    ConsumerGroups.hasMembers(admin, config.applicationId().training());
            return new Seen(running, behind, progress.stillMs(), progress.perSecond(), null);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return new Seen(
                    null,
                    null,
                    0,
                    null,
                    AuthErrors.sentence(e).orElse("The brokers do not tell of training (" + AuthErrors.root(e) + ")."));
        }
    }

    /** @param training whether it is training's progress, and not that of the intake */
    private long lag(String group, String topic, boolean training)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .get(topic)
                .partitions()
                .forEach(info -> partitions.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = offsets(partitions);
        partitions.replaceAll((partition, latest) -> OffsetSpec.earliest());
        Map<TopicPartition, Long> begins = offsets(partitions);
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS);
        long sum = 0;
        long lag = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata offset = read.get(end.getKey());
            long from = Math.max(begins.get(end.getKey()), offset == null ? 0 : offset.offset());
            lag += Math.max(0, end.getValue() - from);
            sum += offset == null ? 0 : offset.offset();
        }
        if (training) {
            progress.add(System.nanoTime() / 1_000_000, sum);
        }
        return lag;
    }

    private Map<TopicPartition, Long> offsets(Map<TopicPartition, OffsetSpec> wanted)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                .forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
