package io.millrace.learner;

/**
 * Lets a network learn regression targets of any unit: it learns z = (y - mean) / deviation and answers
 * y = mean + z * deviation. A batch is judged with the statistics from before it, and learned with those that include it, so
 * that no prediction has seen its own target. A deviation of a target that has not varied yet is 1. All targets count alike, since
 * a moving unit would ask the network to learn what it knows again and again.
 */
final class TargetScaler {
    private final Standardizer statistics;
    private final double[] means;
    private final double[] deviations;

    TargetScaler(int targets) {
        statistics = new Standardizer(targets, 0);
        means = new double[targets];
        deviations = new double[targets];
        refresh();
    }

    /** The network's output in the unit of the targets, by the statistics of the last {@link #refresh}. */
    double unscale(float output, int target) {
        return unscale(output, means[target], deviations[target]);
    }

    static double unscale(float output, double mean, double deviation) {
        return mean + output * deviation;
    }

    void update(float[] targets, int offset) {
        statistics.update(targets, offset);
    }

    /** Makes the updates so far count for the judging of the next batch. */
    void refresh() {
        for (int k = 0; k < means.length; k++) {
            means[k] = statistics.means()[k];
            deviations[k] = deviation(statistics.variances()[k]);
        }
    }

    /** A target as the network learns it, by the statistics of all updates. */
    float scale(float target, int index) {
        return (float)
                ((target - statistics.means()[index]) / deviation(statistics.variances()[index]));
    }

    /** Without a least variance but 0, since targets may come in any unit. */
    static double deviation(double variance) {
        return variance > 0 ? Math.sqrt(variance) : 1;
    }

    Standardizer statistics() {
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
