package io.millrace.topology.serving;

import io.millrace.avro.PredictionStatus;
import io.millrace.topology.record.Measure;
import io.millrace.topology.record.Tally;
import io.millrace.topology.record.TaskMetrics;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ProcessingContext;

/** Counts the answers of a task and how long they take, in Kafka Streams' metrics. An answer costs some stores to memory. */
final class AnswerMetrics {
    /** Upper bounds of the histogram, in seconds, without the infinite one. */
    private static final double[] BOUNDS = {
        0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1
    };

    private static final double NANOS = 1e9;

    private final TaskMetrics metrics;
    private final Map<PredictionStatus, Tally> byStatus = new EnumMap<>(PredictionStatus.class);
    private final Tally seconds;
    private final Tally[] buckets = new Tally[BOUNDS.length + 1];

    AnswerMetrics(ProcessingContext context) {
        metrics = new TaskMetrics(context, "answers");
        for (PredictionStatus each : PredictionStatus.values()) {
            byStatus.put(each, metrics.tally(Measure.PREDICTIONS, each.name().toLowerCase(Locale.ROOT)));
        }
        seconds = metrics.tally(Measure.PREDICTION_SECONDS);
        for (int i = 0; i < buckets.length; i++) {
            double bound = i < BOUNDS.length ? BOUNDS[i] : Double.POSITIVE_INFINITY;
            buckets[i] = metrics.tally(Measure.PREDICTION_BUCKET, Double.toString(bound));
        }
    }

    /** Counts an answer that took so many nanoseconds. */
    void answered(PredictionStatus status, long nanos) {
        double taken = nanos / NANOS;
        byStatus.get(status).add(1);
        seconds.add(taken);
        int bucket = 0;
        while (bucket < BOUNDS.length && taken > BOUNDS[bucket]) {
            bucket++;
        }
        buckets[bucket].add(1);
    }

    void close() {
        metrics.close();
    }
}
