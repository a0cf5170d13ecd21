package io.millrace.learner.evaluation;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.Arrays;

/** Means of several quantities that are observed together; with a fading below 1, the past counts less and less. */
public final class RunningMeans {
    /** Added and taken away: a mean that fades to nothing becomes 0, not a denormal, which would cost a hundred times. */
    private static final double FLUSH = 1e-130;

    private final double fading;
    private final double[] sums;
    private double weight;
    private long count;

    public RunningMeans(int quantities, double fading) {
        this.fading = fading;
        sums = new double[quantities];
    }

    void add(double[] values) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sums[i] * fading + values[i] + FLUSH - FLUSH;
        }
        weight = weight * fading + 1;
        count++;
    }

    /** 0 before the first observation. */
    double mean(int quantity) {
        return count == 0 ? 0 : sums[quantity] / weight;
    }

    long count() {
        return count;
    }

    void clear() {
        Arrays.fill(sums, 0);
        weight = 0;
        count = 0;
    }

    /** Becomes equal to other means of as many quantities. */
    public void copy(RunningMeans other) {
        System.arraycopy(other.sums, 0, sums, 0, sums.length);
        weight = other.weight;
        count = other.count;
    }

    public void save(StateWriter out) {
        out.putDoubles(sums);
        out.putDouble(weight);
        out.putLong(count);
    }

    public void restore(StateReader in) {
        in.getDoubles(sums);
        weight = in.getDouble();
        count = in.getCount();
    }
}
