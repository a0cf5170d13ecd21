package io.millrace.topology.record;

import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;

/**
 * Counts faults of one kind in Kafka Streams' metrics ({@code stream-millrace-metrics}, {@code <kind>-total} and {@code -rate}, by
 * task). Only the first faults and then every thousandth are logged, so that a broken producer cannot flood the log.
 */
public final class FaultCounter {
    /** Kind of a writer's schema that does not fit the declared features; each counts once. */
    public static final String UNFIT_SCHEMAS = "unfit-schemas";

    private static final int LOGGED_FIRST = 10;
    private static final int LOGGED_EVERY = 1000;

    private final FixedKeyProcessorContext<?, ?> context;
    private final Sensor sensor;
    private long count;

    /** @param kind prefix of the metrics' names */
    public FaultCounter(FixedKeyProcessorContext<?, ?> context, String kind) {
        this.context = context;
        sensor = TaskMetrics.summing(context, kind);
    }

    /**
     * Raises the counter to a number of faults.
     *
     * @param total faults so far
     * @return whether to log the last fault
     */
    public boolean countTo(long total) {
        if (total == count) {
            return false;
        }
        sensor.record(total - count);
        count = total;
        return count <= LOGGED_FIRST || count % LOGGED_EVERY == 0;
    }

    /** Faults so far. */
    public long count() {
        return count;
    }

    public void close() {
        context.metrics().removeSensor(sensor);
    }
}
