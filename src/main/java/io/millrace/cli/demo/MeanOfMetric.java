package io.millrace.cli.demo;

/**
 * Combines the means of a metric over parts into the mean over the whole. A root mean square is combined by its square.
 */
final class MeanOfMetric {
    private static final String RMSE = "rmse";

    private MeanOfMetric() {}

    /** The value to multiply by the number of examples and to add up. */
    static double additive(String metric, double mean) {
        return metric.equals(RMSE) ? mean * mean : mean;
    }

    /** The metric over all examples, computed from such a sum. */
    static double mean(String metric, double sum, long examples) {
        double mean = sum / examples;
        return metric.equals(RMSE) ? Math.sqrt(mean) : mean;
    }
}
