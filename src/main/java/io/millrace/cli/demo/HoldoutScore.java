package io.millrace.cli.demo;

import io.millrace.avro.ValidationLoss;
import java.util.Map;
import java.util.TreeMap;

/** Combines the reports on held-out examples: means over all examples and all replicas. */
final class HoldoutScore {
    private final Map<String, Double> sums = new TreeMap<>();
    private long examples;
    private long evaluated; // as reported: without those that came before any example could be evaluated

    void add(ValidationLoss report) {
        examples += report.getHoldoutExamples();
        if (report.getHoldoutLoss() != null) {
            evaluated += report.getHoldoutExamples();
        }
        report.getHoldoutMetrics()
                .forEach((name, mean) ->
                        sums.merge(name, MeanOfMetric.additive(name, mean) * report.getHoldoutExamples(), Double::sum));
    }

    /** Number of held-out examples. */
    long examples() {
        return examples;
    }

    /** Metrics by name; empty if nothing was held out. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new TreeMap<>();
        sums.forEach((name, sum) -> metrics.put(name, MeanOfMetric.mean(name, sum, evaluated)));
        return metrics;
    }
}
