package io.millrace.cli.demo;

/** How means of a metric over parts become one over the whole: a root mean square adds up as its square. */
final class MeanOfMetric {
    private static final String RMSE = "rmse";

    private MeanOfMetric() {}

    /** What to multiply by the number of examples and to sum. */
    static double additive(String metric, double mean) {
        return metric.equals(RMSE) ? mean * mean : mean;
    }

    /** The metric over all examples, from such a sum. */
    static double mean(String metric, double sum, long examples) {
        double mean = sum / examples;
        return metric.equals(RMSE) ? Math.sqrt(mean) : mean;
    }
}
