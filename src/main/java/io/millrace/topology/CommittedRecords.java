package io.millrace.topology;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed in a topic, byte for byte, as a consumer of no group: it leaves no trace on the brokers. */
final class CommittedRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String FETCH_BYTES = String.valueOf(4 << 20);

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;

    CommittedRecords(MillraceConfig config, String topic) {
        this(config.client(), topic);
    }

    /** @param client settings of the client, of one role say */
    CommittedRecords(Map<String, Object> client, String topic) {
        this.topic = topic;
        Map<String, Object> settings = StreamsProperties.committedReader(client);
        settings.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Passes on every record that was committed when the call began, partition by partition in its order. */
    void forEach(Consumer<ConsumerRecord<byte[], byte[]>> records) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            consumer.poll(POLL).forEach(records);
        }
    }

    /** The first offset of a partition that retention has left. */
    long beginning(int partition) {
        TopicPartition one = new TopicPartition(topic, partition);
        return consumer.beginningOffsets(List.of(one)).get(one);
    }

    /** The offset after the last record of a partition that is committed. */
    long end(int partition) {
        TopicPartition one = new TopicPartition(topic, partition);
        return consumer.endOffsets(List.of(one)).get(one);
    }

    /** Whether the topic has this partition. */
    boolean has(int partition) {
        return consumer.partitionsFor(topic).stream().anyMatch(info -> info.partition() == partition);
    }

    /**
     * Passes on the committed records of a partition, from {@code offset} on, as long as they are wanted.
     *
     * @param wanted is given a record, and says whether to go on
     */
    void from(int partition, long offset, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        TopicPartition one = new TopicPartition(topic, partition);
        long end = end(partition);
        consumer.assign(List.of(one));
        consumer.seek(one, offset);
        while (consumer.position(one) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (!wanted.test(record)) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
