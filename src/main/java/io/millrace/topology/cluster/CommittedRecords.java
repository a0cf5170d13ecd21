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

/** Reads what is committed in a topic, byte for byte, as a consumer of no group: it leaves no trace on the brokers. */
public final class CommittedRecords implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String FETCH_BYTES = String.valueOf(4 << 20);

    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    /** What was fetched around the record that was asked for last: all there is from {@code batchBegin} to before {@code batchEnd}. */
    private final Map<Long, ConsumerRecord<byte[], byte[]>> batch = new HashMap<>();

    private long batchBegin;
    private long batchEnd;

    /**
     * @param config names the cluster
     * @param topic to be read
     */
    public CommittedRecords(MillraceConfig config, String topic) {
        this(config.client(), topic);
    }

    /** @param client settings of the client, of one role say */
    public CommittedRecords(Map<String, Object> client, String topic) {
        this.topic = topic;
        Map<String, Object> settings = StreamsProperties.committedReader(client);
        settings.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        // a reader that jumps to the end, or over what was deleted, would tell of what it has not read
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Passes on every record that was committed when the call began and is still there, partition by partition in its order.
     *
     * @param records is given each of them
     * @throws RecordsDeletedException when the topic was made anew meanwhile
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
     * Whether there is no committed record from one offset on, before another.
     *
     * @param partition of the topic
     * @param from the first offset
     * @param end the offset after the last one
     * @return false also if that cannot be told yet, of an open transaction say
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

    /** The first offset of a partition that retention has left. */
    public long beginning(int partition) {
        TopicPartition one = new TopicPartition(topic, partition);
        return consumer.beginningOffsets(List.of(one)).get(one);
    }

    /** The offset after the last record of a partition that is committed. */
    public long end(int partition) {
        TopicPartition one = new TopicPartition(topic, partition);
        return consumer.endOffsets(List.of(one)).get(one);
    }

    /** Whether the topic has this partition. */
    public boolean has(int partition) {
        return consumer.partitionsFor(topic).stream().anyMatch(info -> info.partition() == partition);
    }

    /**
     * Passes on the committed records of a partition, from {@code offset} on, as long as they are wanted.
     *
     * @param wanted is given a record, and says whether to go on
     * @throws RecordsDeletedException when the next one is deleted before it is read: none is left out in silence
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
     * One record. Those that lie near each other are fetched together.
     *
     * @param offset below the end of the partition
     * @return null when it is not there any more
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
