package io.millrace.topology.record;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Extracts the record's own timestamp, or that of the {@link Source} of which it is a copy. A record without one gets the stream time of its partition. The result is never negative, because
 * Kafka Streams drops records with a negative timestamp.
 */
public final class EventTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long timestamp = Source.timestamp(record.headers(), record.timestamp());
        return timestamp >= 0 ? timestamp : Math.max(0, partitionTime);
    }
}
