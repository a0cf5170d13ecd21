package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Lets a network learn regression targets of any unit: it learns z = (y - mean) / deviation and answers
 * y = mean + z * deviation. A batch is judged with the statistics from before it, and learned with those that include it, so
 * that no prediction has seen its own target. Before the first statistics there is no unit to predict in, and nothing is judged; a target
 * that has not varied yet is predicted to be its mean. All targets count alike, since a moving unit would ask the network to learn what it
 * knows again and again.
 *
 * <p>By the first rules the first batch was judged as if the mean were 0, and a target that had not varied as if its deviation were 1: the
 * metrics depended on the unit.
 */
public final class TargetScaler {
    private final Standardizer statistics;
    private final double[] means;
    private final double[] deviations;
    private final boolean firstRules;
    private boolean known;

    /** @param rules {@code LearnerSpec.rules} */
    TargetScaler(int targets, int rules) {
        firstRules = rules < 2;
        statistics = new Standardizer(targets, 0);
        means = new double[targets];
        deviations = new double[targets];
        refresh();
    }

    /** Whether the statistics of the last {@link #refresh} are of any target: without them there is nothing to judge by. */
    public boolean known() {
        return known;
    }

    /** The network's output in the unit of the targets, by the statistics of the last {@link #refresh}. */
    public double unscale(float output, int target) {
        return unscale(output, means[target], deviations[target]);
    }

    public static double unscale(float output, double mean, double deviation) {
        return mean + output * deviation;
    }

    void update(float[] targets, int offset) {
        statistics.update(targets, offset);
    }

    /** Makes the updates so far count for the judging of the next batch. */
    void refresh() {
        known = firstRules || statistics.rows() > 0;
        for (int k = 0; k < means.length; k++) {
            double variance = statistics.variances()[k];
            means[k] = statistics.means()[k];
            deviations[k] = firstRules && variance == 0 ? 1 : Math.sqrt(variance);
        }
    }

    /** A target as the network learns it, by the statistics of all updates. */
    float scale(float target, int index) {
        double variance = statistics.variances()[index]; // no least one but 0, since targets may come in any unit
        return (float) ((target - statistics.means()[index]) / (variance > 0 ? Math.sqrt(variance) : 1));
    }

    public Standardizer statistics() {
        return statistics;
    }

    void save(StateWriter out) {
        statistics.save(out);
    }

    void restore(StateReader in) {
        statistics.restore(in);
        refresh();
    }
}
