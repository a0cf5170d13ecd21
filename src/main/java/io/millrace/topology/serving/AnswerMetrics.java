package io.millrace.topology.serving;

import io.millrace.avro.PredictionStatus;
import io.millrace.topology.record.Measure;
import io.millrace.topology.record.Tally;
import io.millrace.topology.record.TaskMetrics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts answers and how long they take, in Kafka's metrics. An answer costs some stores to memory. One thread at a time may count. */
public final class AnswerMetrics {
    /** Upper bounds of the histogram, in seconds, without the infinite one. */
    private static final double[] BOUNDS = {
        0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1
    };

    private static final double NANOS = 1e9;

    private final Map<PredictionStatus, Tally> byStatus = new EnumMap<>(PredictionStatus.class);
    private final Tally seconds;
    private final Tally[] buckets = new Tally[BOUNDS.length + 1];

    /** @param channel by which requests come */
    public AnswerMetrics(TaskMetrics metrics, String channel) {
        for (PredictionStatus each : PredictionStatus.values()) {
            byStatus.put(
                    each,
                    metrics.tally(Measure.PREDICTIONS, channel, each.name().toLowerCase(Locale.ROOT)));
        }
        seconds = metrics.tally(Measure.PREDICTION_SECONDS, channel);
        for (int i = 0; i < buckets.length; i++) {
            double bound = i < BOUNDS.length ? BOUNDS[i] : Double.POSITIVE_INFINITY;
            buckets[i] = metrics.tally(Measure.PREDICTION_BUCKET, channel, Double.toString(bound));
        }
    }

    /** Counts answers. */
    public void answered(PredictionStatus status, int count) {
        byStatus.get(status).add(count);
    }

    /** Counts a request whose answer took so many nanoseconds. */
    public void took(long nanos) {
        double taken = nanos / NANOS;
        seconds.add(taken);
        int bucket = 0;
        while (bucket < BOUNDS.length && taken > BOUNDS[bucket]) {
            bucket++;
        }
        buckets[bucket].add(1);
    }
}
