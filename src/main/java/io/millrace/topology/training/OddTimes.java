package io.millrace.topology.training;

import java.time.Instant;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the event times that a learner did not believe in Kafka Streams' metrics ({@code stream-millrace-metrics}, {@code
 * odd-event-time-total} and {@code -rate}, by task), and logs the first ones and then every thousandth.
 */
final class OddTimes {
    private static final Logger LOG = LoggerFactory.getLogger(OddTimes.class);
    private static final int LOGGED_FIRST = 10;
    private static final int LOGGED_EVERY = 1000;

    private final FixedKeyProcessorContext<?, ?> context;
    private final Sensor sensor;
    private long count;

    OddTimes(FixedKeyProcessorContext<?, ?> context) {
        this.context = context;
        sensor = context.metrics()
                .addRateTotalSensor(
                        "millrace", context.taskId().toString(), "odd-event-time", Sensor.RecordingLevel.INFO);
    }

    /**
     * @param counted by the learner, up to the record that was just learned
     * @param previous event time of the one before it, ms
     * @param timestamp event time of that record, ms
     * @param streamTime as it is now, ms
     */
    void count(long counted, long previous, long timestamp, long streamTime) {
        if (counted == count) {
            return;
        }
        sensor.record(counted - count);
        count = counted;
        if (count <= LOGGED_FIRST || count % LOGGED_EVERY == 0) {
            LOG.warn(
                    "Event times that do not fit together up to {}-{}@{}: {} after {}. The stream's time goes on at {}"
                            + " (batch.window.max.advance; {} so far)",
                    context.recordMetadata().orElseThrow().topic(),
                    context.recordMetadata().orElseThrow().partition(),
                    context.recordMetadata().orElseThrow().offset(),
                    Instant.ofEpochMilli(timestamp),
                    Instant.ofEpochMilli(previous),
                    Instant.ofEpochMilli(streamTime),
                    count);
        }
    }

    void close() {
        context.metrics().removeSensor(sensor);
    }
}
