package io.millrace.topology.audit;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.topology.history.BrokerExamplesTopic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The committed records of one partition of the examples, one after the other. */
final class SourceRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
    private final long end;

    /** @param from the first offset to read */
    SourceRecords(MillraceConfig config, int number, long from) {
        partition = new TopicPartition(config.topics().examples(), number);
        Map<String, Object> settings = StreamsProperties.committedReader(config);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        end = consumer.endOffsets(List.of(partition)).get(partition);
        consumer.seek(partition, Math.max(from, beginning()));
    }

    /** Kafka's id of the examples topic. */
    static String topicId(MillraceConfig config) {
        try (Admin admin = Admin.create(config.client())) {
            return BrokerExamplesTopic.id(admin, config.topics().examples());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException fault ? fault : new KafkaException(e.getCause());
        }
    }

    /** The first offset that retention has not deleted. */
    long beginning() {
        return consumer.beginningOffsets(List.of(partition)).get(partition);
    }

    /** The first record that was not passed; null at the end of what the partition held when reading began. */
    ConsumerRecord<byte[], byte[]> next() {
        while (fetched.isEmpty() && consumer.position(partition) < end) {
            try {
                fetched.addAll(consumer.poll(POLL).records(partition));
            } catch (OffsetOutOfRangeException e) {
                consumer.seek(partition, beginning()); // deleted in the meantime
            }
        }
        return fetched.peek();
    }

    /** Passes the record that {@link #next} returns. */
    void advance() {
        fetched.poll();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
