package io.millrace.topology;

import io.millrace.topology.DeadLetter.Place;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards the bad records of a processor as {@link DeadLetter}s, and counts them in Kafka Streams' metrics ({@code
 * stream-millrace-metrics}, {@code bad-input-total} and {@code -rate}, by task). Logs the first ones and then every thousandth, so
 * that a broken producer cannot flood the log.
 */
final class DeadLetters<K> {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int LOGGED_FIRST = 10;
    private static final int LOGGED_EVERY = 1000;

    private final FixedKeyProcessorContext<K, Object> context;
    private final ToIntFunction<K> keyBytes;
    private final Sensor sensor;
    private long count;

    /** @param keyBytes length of a key */
    DeadLetters(FixedKeyProcessorContext<K, Object> context, ToIntFunction<K> keyBytes) {
        this.context = context;
        this.keyBytes = keyBytes;
        sensor = context.metrics()
                .addRateTotalSensor("millrace", context.taskId().toString(), "bad-input", Sensor.RecordingLevel.INFO);
    }

    /** The record that is being processed. */
    void forward(FixedKeyRecord<K, byte[]> record, String cause) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        Place place = new Place(metadata.topic(), metadata.partition(), metadata.offset());
        count(place, cause);
        DeadLetter letter =
                new DeadLetter(record.value(), cause).fitting(keyBytes.applyAsInt(record.key()), record.headers());
        context.forward(record.withValue(letter)
                .withTimestamp(context.currentSystemTimeMs())
                .withHeaders(letter.headers(record.headers(), place, record.timestamp(), record.value())));
    }

    /**
     * A record of the same partition that was taken in before. Its key and headers have not been kept; they are where its offset says.
     *
     * @param record that is being processed
     * @param value of the earlier one
     * @param topic that the earlier one came from
     */
    void forward(
            FixedKeyRecord<K, byte[]> record, byte[] value, String cause, String topic, long offset, long timestamp) {
        int partition = context.recordMetadata().orElseThrow().partition();
        Place place = new Place(topic, partition, offset);
        count(place, cause);
        Headers none = new RecordHeaders();
        DeadLetter letter = new DeadLetter(value, cause, true).fitting(0, none);
        context.forward(record.withValue(letter)
                .withTimestamp(context.currentSystemTimeMs())
                .withHeaders(letter.headers(none, place, timestamp, value)));
    }

    private void count(Place place, String cause) {
        sensor.record();
        count++;
        if (count <= LOGGED_FIRST || count % LOGGED_EVERY == 0) {
            LOG.warn(
                    "Bad record {}-{}@{}: {} ({} so far)",
                    place.topic(),
                    place.partition(),
                    place.offset(),
                    cause,
                    count);
        }
    }

    void close() {
        context.metrics().removeSensor(sensor);
    }
}
