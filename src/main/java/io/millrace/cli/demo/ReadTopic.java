package io.millrace.cli.demo;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.CommittedRecords;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far a consumer group has read a topic. */
final class ReadTopic implements AutoCloseable {
    private final String topic;
    private final String group;
    private final CommittedRecords records;
    private final Map<TopicPartition, Long> seen = new HashMap<>(); // committed offsets at the last query
    private final Map<TopicPartition, Long> ends = new HashMap<>(); // end offsets at the last query

    ReadTopic(MillraceConfig config, String topic, String group) {
        this.topic = topic;
        this.group = group;
        records = new CommittedRecords(config, topic);
    }

    /** How many offsets the group has committed: at least as many as there are records before them. */
    long committed(Admin admin) throws InterruptedException, ExecutionException {
        return offsets(admin).entrySet().stream()
                .filter(each -> each.getKey().topic().equals(topic) && each.getValue() != null)
                .mapToLong(each -> each.getValue().offset())
                .sum();
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin)
            throws InterruptedException, ExecutionException {
        return admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
    }

    /** Whether the group has committed all records in the topic. */
    boolean toEnd(Admin admin) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetAndMetadata> committed = offsets(admin);
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .forEach(info -> wanted.put(new TopicPartition(topic, info.partition()), OffsetSpec.latest()));
        ends.clear();
        admin.listOffsets(wanted).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        boolean all = true;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            OffsetAndMetadata offset = committed.get(end.getKey());
            all &= read(end.getKey(), offset == null ? 0 : offset.offset(), end.getValue());
        }
        return all;
    }

    /**
     * A reader commits nothing if it has read only aborted records. A remainder that contains no record may then stay
     * uncommitted.
     */
    private boolean read(TopicPartition partition, long committed, long end) {
        Long before = seen.put(partition, committed);
        boolean atRest = before != null && before == committed;
        return committed >= end || atRest && records.noneBetween(partition.partition(), committed, end);
    }

    /**
     * Records in the topic when it was last asked, from any sender.
     *
     * @param expected the number to expect: if there are no other offsets, nothing is read
     */
    long count(long expected) {
        if (ends.values().stream().mapToLong(Long::longValue).sum() == expected) {
            return expected;
        }
        long[] count = new long[1];
        records.forEach(record -> {
            Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
            count[0] += end != null && record.offset() < end ? 1 : 0;
        });
        return count[0];
    }

    @Override
    public void close() {
        records.close();
    }
}
