package io.millrace.cli.topic;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The newest committed records of all partitions of a topic that have a value, in the order of their timestamps.
 *
 * @param partitions number of partitions of the topic
 * @param records the records
 */
public record TopicSample(int partitions, List<ConsumerRecord<byte[], byte[]>> records) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long MOST_BYTES = 64L << 20;
    private static final int STEP = 4; // by which the range of offsets grows or shrinks

    /**
     * Reads a topic, as a consumer without a group.
     *
     * @param topic an existing topic
     * @param most maximum number of records
     */
    public static TopicSample newest(MillraceConfig config, String topic, int most) {
        Map<String, Object> settings = new HashMap<>(StreamsProperties.committedReader(config));
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            return new TopicSample(partitions.size(), new Reading(consumer, partitions, most).newest());
        }
    }

    private static final class Reading {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final List<TopicPartition> partitions;
        private final int most;
        private final Map<TopicPartition, Long> begins;
        private final Map<TopicPartition, Long> ends;

        Reading(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions, int most) {
            this.consumer = consumer;
            this.partitions = partitions;
            this.most = most;
            begins = consumer.beginningOffsets(partitions);
            ends = consumer.endOffsets(partitions);
        }

        /** Offsets may have no record, where a topic is compacted; and records may be large. */
        List<ConsumerRecord<byte[], byte[]>> newest() {
            long range = Math.max(1, most / partitions.size());
            boolean shrunk = false;
            while (true) {
                List<ConsumerRecord<byte[], byte[]>> found = read(range);
                if (found == null) {
                    range = Math.max(1, range / STEP);
                    shrunk = true;
                } else if (shrunk || found.size() >= most / STEP || reachesBegin(range)) {
                    found.sort(Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                            .thenComparingLong(ConsumerRecord::offset)
                            .thenComparingInt(ConsumerRecord::partition));
                    return List.copyOf(found.subList(Math.max(0, found.size() - most), found.size()));
                } else {
                    range *= STEP;
                }
            }
        }

        private boolean reachesBegin(long range) {
            return partitions.stream().allMatch(partition -> ends.get(partition) - range <= begins.get(partition));
        }

        /** Reads the last offsets of each partition; null if their records are too large. */
        private List<ConsumerRecord<byte[], byte[]>> read(long range) {
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            partitions.forEach(partition ->
                    consumer.seek(partition, Math.max(begins.get(partition), ends.get(partition) - range)));
            long bytes = 0;
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.value() != null) {
                        bytes += record.value().length;
                        found.add(record);
                    }
                }
                if (bytes > MOST_BYTES && range > 1) {
                    return null;
                }
            }
            return found;
        }
    }
}
