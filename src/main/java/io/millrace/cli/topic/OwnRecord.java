package io.millrace.cli.topic;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A record of a user's own, as it is written to a topic.
 *
 * @param key null: none
 * @param value null if there is a fault
 * @param timestamp ms; null: the time of writing
 * @param headers of the record
 * @param fault why there is no such record: its place and a sentence without full stop; null if there is one
 */
public record OwnRecord(byte[] key, byte[] value, Long timestamp, Headers headers, String fault) {
    /**
     * The record for a producer.
     *
     * @param partition null: the producer chooses
     */
    public ProducerRecord<byte[], byte[]> to(String topic, Integer partition) {
        return new ProducerRecord<>(topic, partition, timestamp, key, value, headers);
    }
}
