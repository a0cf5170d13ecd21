package io.millrace.bench;

import io.millrace.bench.pass.Latencies;
import io.millrace.bench.workload.Workload;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * The measured figures.
 *
 * @param workload what was measured
 * @param exampleBytes bytes of an example's value
 * @param fillRate examples written a second
 * @param rounds rates of the rounds
 * @param latencies of serving
 * @param freshness of the default configuration: from the append of an example to the first answer that has learned it
 */
public record BenchResult(
        Workload workload,
        int exampleBytes,
        double fillRate,
        List<Round> rounds,
        Latencies latencies,
        Latencies freshness) {
    /**
     * Records a second of one round.
     *
     * @param rawConsumer a bare consumer
     * @param emptyTopology Kafka Streams, exactly once, that deserializes and counts
     * @param training Millrace
     * @param oneThread the same with {@code learner.thread=false}
     * @param defaults Millrace with default settings, an ensemble
     */
    public record Round(double rawConsumer, double emptyTopology, double training, double oneThread, double defaults) {
        double share() {
            return training / emptyTopology;
        }
    }

    double median(ToDoubleFunction<Round> rate) {
        return median(rounds.stream().mapToDouble(rate));
    }

    static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Median rate of training divided by the median rate of the empty topology. */
    double share() {
        return median(Round::training) / median(Round::emptyTopology);
    }
}
