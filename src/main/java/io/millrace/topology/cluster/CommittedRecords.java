package io.millrace.topology.cluster;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed records of a topic, byte for byte, as a consumer without a group: it leaves no trace on the brokers. */
public final class CommittedRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String FETCH_BYTES = String.valueOf(4 << 20);

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    /** The records fetched around the last requested one: all that exist from {@code batchBegin} on, before {@code batchEnd}. */
    private final Map<Long, ConsumerRecord<byte[], byte[]>> batch = new HashMap<>();

    private long batchBegin;
    private long batchEnd;

    /**
     * @param config names the cluster
     * @param topic the topic to read
     */
    public CommittedRecords(MillraceConfig config, String topic) {
        this(config.client(), topic);
    }

    /** @param client settings of the client, for instance those of one role */
    public CommittedRecords(Map<String, Object> client, String topic) {
        this.topic = topic;
        Map<String, Object> settings = StreamsProperties.committedReader(client);
        settings.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        // a reader that jumps to the end, or over deleted records, would give an answer about records that it has not
        // read
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Passes on every record that was committed when the call began and still exists: one partition after the other, each in its order.
     *
     * @param records receives each record
     * @throws RecordsDeletedException when the topic was recreated in the meantime
     */
    public void forEach(Consumer<ConsumerRecord<byte[], byte[]>> records) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            try {
                consumer.poll(POLL).forEach(records);
            } catch (OffsetOutOfRangeException e) {
                e.offsetOutOfRangePartitions().forEach(this::requireDeleted);
                consumer.seekToBeginning(e.partitions());
            }
        }
    }

    /** @return number of partitions of the topic */
    public int partitions() {
        return consumer.partitionsFor(topic).size();
    }

    /**
     * Whether there is no committed record between two offsets.
     *
     * @param partition of the topic
     * @param from the first offset
     * @param end the offset after the last one
     * @return false also if this is not known yet, for instance because of an open transaction
     */
    public boolean noneBetween(int partition, long from, long end) {
        TopicPartition one = new TopicPartition(topic, partition);
        assign(List.of(one));
        consumer.seek(one, from);
        for (long position = -1; position != consumer.position(one); ) {
            position = consumer.position(one);
            boolean more = poll(one).records(one).stream().anyMatch(record -> record.offset() < end);
            if (more || consumer.position(one) >= end) {
                return !more;
            }
        }
        return false;
    }

    private void assign(List<TopicPartition> partitions) {
        consumer.assign(partitions);
        batch.clear();
        batchBegin = 0;
        batchEnd = 0;
    }

    private long requireDeleted(TopicPartition partition, long offset) {
        long beginning = beginning(partition.partition());
        if (beginning <= offset) {
            throw new RecordsDeletedException(partition + " no longer has offset " + offset
                    + ": the topic was deleted and recreated while it was read");
        }
        return beginning;
    }

    /** The first offset of a partition that retention has not deleted. */
    public long beginning(int partition) {
        TopicPartition one = new TopicPartition(topic, partition);
        return consumer.beginningOffsets(List.of(one)).get(one);
    }

    /** The offset after the last committed record of a partition. */
    public long end(int partition) {
        TopicPartition one = new TopicPartition(topic, partition);
        return consumer.endOffsets(List.of(one)).get(one);
    }

    /** Whether the topic has this partition. */
    public boolean has(int partition) {
        return consumer.partitionsFor(topic).stream().anyMatch(info -> info.partition() == partition);
    }

    /**
     * Passes on the committed records of a partition, from {@code offset} on, until {@code wanted} returns false.
     *
     * @param wanted receives a record, and returns whether to continue
     * @throws RecordsDeletedException when the next record is deleted before it is read: no record is left out silently
     */
    public void from(int partition, long offset, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
        TopicPartition one = new TopicPartition(topic, partition);
        long end = end(partition);
        assign(List.of(one));
        consumer.seek(one, offset);
        while (consumer.position(one) < end) {
            for (ConsumerRecord<byte[], byte[]> record : poll(one)) {
                if (!wanted.test(record)) {
                    return;
                }
            }
        }
    }

    private ConsumerRecords<byte[], byte[]> poll(TopicPartition one) {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            long offset = e.offsetOutOfRangePartitions().get(one);
            throw new RecordsDeletedException(String.format(
                    Locale.ROOT,
                    "retention overtook the replay at offset %,d: %s begins at offset %,d now",
                    offset,
                    one,
                    requireDeleted(one, offset)));
        }
    }

    /**
     * Reads one record. Records near each other are fetched together.
     *
     * @param offset below the end of the partition
     * @return null when the record does not exist any more
     */
    public ConsumerRecord<byte[], byte[]> at(int partition, long offset) {
        TopicPartition one = new TopicPartition(topic, partition);
        if (!consumer.assignment().equals(Set.of(one))) {
            assign(List.of(one));
        }
        if (offset < batchBegin || offset >= batchEnd) {
            batch.clear();
            batchBegin = offset;
            consumer.seek(one, offset);
            try {
                do {
                    consumer.poll(POLL).forEach(record -> batch.put(record.offset(), record));
                    batchEnd = consumer.position(one);
                } while (batchEnd <= offset && offset < end(partition));
            } catch (OffsetOutOfRangeException e) {
                batchEnd = offset;
            }
        }
        return batch.get(offset);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
