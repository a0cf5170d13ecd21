package io.millrace.topology.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/** Gives the timestamp 0 (1970) to records without a timestamp, which have a negative one. */
final class TimedRecords {
    private TimedRecords() {}

    /** Returns the records themselves when all have a timestamp, which is nearly always the case. */
    static ConsumerRecords<byte[], byte[]> of(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.timestamp() < 0) {
                return timed(records);
            }
        }
        return records;
    }

    private static ConsumerRecords<byte[], byte[]> timed(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> timed = new HashMap<>();
        for (TopicPartition partition : records.partitions()) {
            timed.put(
                    partition,
                    records.records(partition).stream().map(TimedRecords::timed).toList());
        }
        return new ConsumerRecords<>(timed, records.nextOffsets());
    }

    private static ConsumerRecord<byte[], byte[]> timed(ConsumerRecord<byte[], byte[]> record) {
        return record.timestamp() >= 0
                ? record
                : new ConsumerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        0,
                        record.timestampType(),
                        record.serializedKeySize(),
                        record.serializedValueSize(),
                        record.key(),
                        record.value(),
                        record.headers(),
                        record.leaderEpoch());
    }
}
