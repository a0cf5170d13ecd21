package io.millrace.watch;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.AuthErrors;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** What the brokers tell of training's consumer group: its members, and how far it has read each partition. */
final class TrainingGroup {
    /**
     * What was found.
     *
     * @param running whether the group has members; null when it is not known
     * @param lag committed records that the group has not read, counted by offsets; null when it is not known
     * @param stillMs how long the group has committed nothing, ms, as far as it was watched
     * @param recordsPerSecond that it has committed during the last ten seconds; null when it is not known
     * @param partitions that it reads, and those that the intake reads; empty when they are not known
     * @param fault why something is not known, a sentence; null if all is known
     */
    record Seen(
            Boolean running, Long lag, long stillMs, Double recordsPerSecond, List<Consumed> partitions, String fault) {
        static final Seen NOTHING = new Seen(null, null, 0, null, List.of(), null);
    }

    private final MillraceConfig config;
    private final Supplier<String> learned;
    private final Brokers brokers;
    private final LongSupplier clock = () -> System.nanoTime() / 1_000_000;
    private final CommitProgress progress = new CommitProgress();
    private final Map<TopicPartition, CommitProgress> progressByPartition = new HashMap<>();

    /** @param learned the topic that training reads; null when it is not known */
    TrainingGroup(MillraceConfig config, Supplier<String> learned, Brokers brokers) {
        this.config = config;
        this.learned = learned;
        this.brokers = brokers;
    }

    Seen ask() throws InterruptedException {
        Boolean running = null;
        try {
            String topic = learned.get() == null ? config.topics().examples() : learned.get();
            String group = config.applicationId().training();
            List<MemberDescription> members = brokers.members(group);
            running = !members.isEmpty();
            List<Consumed> partitions = new ArrayList<>(consumed(group, members, topic));
            progress.add(
                    clock.getAsLong(),
                    partitions.stream()
                            .mapToLong(each -> each.committed() == null ? 0 : each.committed())
                            .sum());
            if (topic.equals(config.topics().learningLog())) {
                String intake = config.applicationId().intake();
                partitions.addAll(consumed(
                        intake, brokers.members(intake), config.topics().examples()));
            }
            return new Seen(
                    running,
                    partitions.stream().mapToLong(Consumed::lag).sum(),
                    progress.stillMs(),
                    progress.perSecond(),
                    partitions,
                    null);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return new Seen(
                    running,
                    null,
                    0,
                    null,
                    List.of(),
                    AuthErrors.sentence(e).orElse("The brokers do not tell of training (" + AuthErrors.root(e) + ")."));
        }
    }

    private List<Consumed> consumed(String group, List<MemberDescription> members, String topic)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Long> ends = brokers.offsets(topic, OffsetSpec.latest());
        Map<TopicPartition, Long> begins = brokers.offsets(topic, OffsetSpec.earliest());
        Map<TopicPartition, OffsetAndMetadata> read = brokers.committed(group);
        List<Consumed> partitions = new ArrayList<>();
        ends.forEach((partition, end) -> {
            Long committed = read.get(partition) == null
                    ? null
                    : (Long) read.get(partition).offset();
            CommitProgress own = progressByPartition.computeIfAbsent(partition, any -> new CommitProgress());
            own.add(clock.getAsLong(), committed == null ? 0 : committed);
            long from = Math.max(begins.getOrDefault(partition, 0L), committed == null ? 0 : committed);
            partitions.add(new Consumed(
                    group,
                    topic,
                    partition.partition(),
                    committed,
                    end,
                    Math.max(0, end - from),
                    own.perSecond(),
                    holder(members, partition)));
        });
        partitions.sort(Comparator.comparingInt(Consumed::partition));
        return partitions;
    }

    private static String holder(List<MemberDescription> members, TopicPartition partition) {
        return members.stream()
                .filter(member -> member.assignment().topicPartitions().contains(partition))
                .map(member -> member.clientId() + " at " + member.host().replaceFirst("^/", ""))
                .findFirst()
                .orElse(null);
    }
}
