package io.millrace.cli.demo;

import io.millrace.avro.ValidationLoss;
import java.util.Map;
import java.util.TreeMap;

/** The reports on the examples held out, taken together: means over all of them, over all replicas. */
final class HoldoutScore {
    private final Map<String, Double> sums = new TreeMap<>();
    private long examples;
    private long judged; // as far as the reports tell: not those that came before any could be

    void add(ValidationLoss report) {
        examples += report.getHoldoutExamples();
        if (report.getHoldoutLoss() != null) {
            judged += report.getHoldoutExamples();
        }
        report.getHoldoutMetrics()
                .forEach((name, mean) ->
                        sums.merge(name, MeanOfMetric.additive(name, mean) * report.getHoldoutExamples(), Double::sum));
    }

    /** Examples held out. */
    long examples() {
        return examples;
    }

    /** Metrics by name; empty if nothing was held out. */
    Map<String, Double> metrics() {
        Map<String, Double> metrics = new TreeMap<>();
        sums.forEach((name, sum) -> metrics.put(name, MeanOfMetric.mean(name, sum, judged)));
        return metrics;
    }
}
