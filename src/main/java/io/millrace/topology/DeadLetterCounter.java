package io.millrace.topology;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.StreamsMetrics;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts dead letters in Kafka Streams' metrics ({@code stream-millrace-metrics}, {@code bad-input-total} and {@code -rate},
 * by task), and logs the first ones and then every thousandth, so that a broken producer cannot flood the log.
 */
final class DeadLetterCounter {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterCounter.class);
    private static final int LOGGED_FIRST = 10;
    private static final int LOGGED_EVERY = 1000;

    private final StreamsMetrics metrics;
    private final Sensor sensor;
    private long count;

    DeadLetterCounter(ProcessingContext context) {
        metrics = context.metrics();
        sensor = metrics.addRateTotalSensor(
                "millrace", context.taskId().toString(), "bad-input", Sensor.RecordingLevel.INFO);
    }

    void count(String cause, RecordMetadata place) {
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
        metrics.removeSensor(sensor);
    }
}
