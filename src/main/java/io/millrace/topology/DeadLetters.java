package io.millrace.topology;

import java.util.function.ToIntFunction;
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

    void forward(FixedKeyRecord<K, byte[]> record, String cause) {
        RecordMetadata place = context.recordMetadata().orElseThrow();
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
        DeadLetter letter =
                new DeadLetter(record.value(), cause).fitting(keyBytes.applyAsInt(record.key()), record.headers());
        context.forward(record.withValue(letter)
                .withHeaders(letter.headers(record.headers(), place, record.timestamp(), record.value())));
    }

    void close() {
        context.metrics().removeSensor(sensor);
    }
}
