package io.millrace.topology.intake;

import io.millrace.topology.record.DeadLetter;
import io.millrace.topology.record.Source;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Writes copies of records to the learning log. A record that does not fit leaves a copy without content, which becomes a dead letter. */
final class LearningLog {
    /** Lengths, and the header that names the source, in bytes. */
    private static final int FRAME = 1000;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final String sourceId;
    private final int maxBytes;
    private final Map<Integer, Source.Writer> writers = new HashMap<>(); // by partition

    /**
     * @param sourceId Kafka's id of the examples topic
     * @param maxBytes the largest record that the log takes
     */
    LearningLog(Producer<byte[], byte[]> producer, String topic, String sourceId, int maxBytes) {
        this.producer = producer;
        this.topic = topic;
        this.sourceId = sourceId;
        this.maxBytes = maxBytes;
    }

    /**
     * Sends a copy in the current transaction. A fault of the send makes the commit fail.
     *
     * @param timestamp of the record, ms
     * @param gaps are told by the first copy behind them
     */
    void append(ConsumerRecord<byte[], byte[]> record, long timestamp, SourceGaps gaps) {
        Source.Writer writer = writers.computeIfAbsent(
                record.partition(), partition -> new Source.Writer(record.topic(), partition, sourceId));
        int bytes = Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize())
                + DeadLetter.bytes(record.headers());
        long missing = gaps.take(record);
        if (bytes > maxBytes - FRAME) {
            Headers only =
                    new RecordHeaders().add(Source.HEADER, writer.write(record.offset(), timestamp, bytes, missing));
            producer.send(new ProducerRecord<>(topic, 0, null, null, null, only));
            return;
        }
        byte[] source = missing == 0
                ? writer.write(record.offset(), timestamp)
                : writer.write(record.offset(), timestamp, 0, missing);
        Headers headers = record.headers().add(Source.HEADER, source);
        producer.send(new ProducerRecord<>(topic, 0, null, record.key(), record.value(), headers));
    }
}
