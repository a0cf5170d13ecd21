package io.millrace.cli;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The records of a topic that are committed, one by one: offsets count what was aborted, and the marks of transactions, too. */
final class CommittedRecords {
    private static final Duration POLL = Duration.ofMillis(100);

    private final MillraceConfig config;
    private final String topic;

    CommittedRecords(MillraceConfig config, String topic) {
        this.config = config;
        this.topic = topic;
    }

    /** Reads all that there are now, and returns the number of partitions. */
    int read(Consumer<ConsumerRecord<byte[], byte[]>> action) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(POLL).forEach(action);
            }
            return partitions.size();
        }
    }

    /** Whether there is none from one offset to another; false also if that cannot be told yet, of an open transaction say. */
    boolean noneBetween(TopicPartition partition, long from, long end) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, from);
            for (long position = -1; position != consumer.position(partition); ) {
                position = consumer.position(partition);
                boolean more =
                        consumer.poll(POLL).records(partition).stream().anyMatch(record -> record.offset() < end);
                if (more || consumer.position(partition) >= end) {
                    return !more;
                }
            }
            return false;
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                StreamsProperties.committedReader(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
