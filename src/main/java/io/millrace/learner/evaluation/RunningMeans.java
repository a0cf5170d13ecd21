package io.millrace.learner.evaluation;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.Arrays;

/** Means of several quantities that are observed together. With a fading factor below 1, older observations count less and less. */
public final class RunningMeans {
    /** Added and subtracted, so that a mean that fades away becomes 0 and not a denormal, which is a hundred times slower. */
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

    /** Copies the values of other means with the same number of quantities. */
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
        restore(in, sums.length);
    }

    /** @param quantities number of quantities then, the first of those now */
    void restore(StateReader in, int quantities) {
        in.getDoubles(sums, quantities);
        weight = in.getDouble();
        count = in.getCount();
    }
}
