package io.millrace.topology.training;

/**
 * A control chart of the losses in reports: it tells whether a loss is far above those before it, whose mean and variance fade (Roberts,
 * 1959; Finch, 2009). A learner may adapt within one report, so that no mean over a minute shows that something has changed.
 */
public final class LossChart {
    private static final double WEIGHT = 0.1; // of a report
    private static final int FIRST = 10; // reports that are not judged
    private static final double DEVIATIONS = 3.5;
    private static final double LEAST = 1.1; // times the mean: a loss that hardly varies jumps easily

    private double mean;
    private double variance;
    private int reports;

    /** Adds the loss of a report, and says whether it jumps. One that is not finite is left out. */
    public boolean jumps(double loss) {
        if (!Double.isFinite(loss)) {
            return false;
        }
        double difference = loss - mean;
        boolean jumps = reports >= FIRST && difference > DEVIATIONS * Math.sqrt(variance) && loss > LEAST * mean;
        double weight = Math.max(WEIGHT, 1.0 / ++reports);
        mean += weight * difference;
        variance = (1 - weight) * (variance + weight * difference * difference);
        return jumps;
    }
}
