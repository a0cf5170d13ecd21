package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Lets a network learn regression targets of any unit: it learns z = (y - mean) / deviation and predicts
 * y = mean + z * deviation. A batch is evaluated with the statistics from before it and learned with the statistics that include it, so
 * that no prediction has seen its own target. Before the first statistics the scale is not known, and nothing is evaluated. The prediction
 * of a target that has not varied yet is its mean. All targets have the same weight, because with a changing scale the network would have to
 * learn the same targets again and again.
 *
 * <p>By the rules of revision 1, the first batch was evaluated as if the mean were 0, and a target that had not varied as if its deviation
 * were 1, so the metrics depended on the unit.
 */
public final class TargetScaler {
    private final Standardizer statistics;
    private final double[] means;
    private final double[] deviations;
    private final boolean firstRules;
    private boolean known;

    /** @param rules {@code LearnerSpec.rules} */
    public TargetScaler(int targets, int rules) {
        firstRules = rules < 2;
        statistics = new Standardizer(targets, 0);
        means = new double[targets];
        deviations = new double[targets];
        refresh();
    }

    /** Whether the last {@link #refresh} had statistics of at least one target. Without them nothing can be evaluated. */
    public boolean known() {
        return known;
    }

    /** Converts the network's output to the unit of the targets, with the statistics of the last {@link #refresh}. */
    public double unscale(float output, int target) {
        return unscale(output, means[target], deviations[target]);
    }

    public static double unscale(float output, double mean, double deviation) {
        return mean + output * deviation;
    }

    /** Adds the targets of a row to the statistics. */
    public void update(float[] targets, int offset) {
        statistics.update(targets, offset);
    }

    /** Makes the evaluation of the next batch use the statistics of all updates so far. */
    public void refresh() {
        known = firstRules || statistics.rows() > 0;
        for (int k = 0; k < means.length; k++) {
            double variance = statistics.variances()[k];
            means[k] = statistics.means()[k];
            deviations[k] = firstRules && variance == 0 ? 1 : Math.sqrt(variance);
        }
    }

    /** Converts a target to the value that the network learns, with the statistics of all updates. */
    public float scale(float target, int index) {
        return scale(target, statistics.means()[index], statistics.variances()[index]);
    }

    /** Converts a target with given statistics. */
    public static float scale(float target, double mean, double variance) {
        // no minimum above 0, because targets may have any unit
        return (float) ((target - mean) / (variance > 0 ? Math.sqrt(variance) : 1));
    }

    public Standardizer statistics() {
        return statistics;
    }

    public void save(StateWriter out) {
        statistics.save(out);
    }

    public void restore(StateReader in) {
        statistics.restore(in);
        refresh();
    }
}
