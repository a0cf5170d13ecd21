package io.millrace.learner.input;

import io.millrace.feature.InputRow;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.Standardization;

/**
 * Online standardizer: scales each feature by its running mean and variance, which never include later rows.
 *
 * <p>The row x_t enters the statistics first, with weight a_t = max(1/t, rate): d = x_t - mean, mean += a d,
 * variance = (1 - a)(variance + a d^2). Rate 0 gives Welford's mean and population variance (Welford 1962, Technometrics
 * 4:419); a positive rate gives exponentially weighted ones (West 1979; Finch 2009). Then z = (x - mean) / sqrt(variance)
 * where the variance is above {@value Standardization#MIN_VARIANCE}, else 0, clipped to [-{@value Standardization#CLIP},
 * {@value Standardization#CLIP}]. Everything is computed in double. Allocates nothing after construction.
 */
public final class Standardizer implements FeatureStatistics {
    private final double rate;
    private final double[] means;
    private final double[] variances;
    private final double[] row; // a row of floats, widened
    private final long[] rows = new long[1];

    /**
     * @param width features of a row
     * @param rate minimum weight of a new row, in [0, 1)
     */
    public Standardizer(int width, double rate) {
        this.rate = rate;
        means = new double[width];
        variances = new double[width];
        row = new double[width];
    }

    /**
     * Adds a row to the statistics.
     *
     * @param values finite values, [width]
     */
    public void update(double[] values) {
        update(values, rate);
    }

    @Override
    public void update(double[] values, double least) {
        rows[0]++;
        Standardization.update(values, means, variances, Standardization.weight(rows[0], least));
    }

    /**
     * Scales a row in place.
     *
     * @param values finite values, [width]
     */
    public void scale(double[] values) {
        Standardization.scale(values, means, variances);
    }

    /** {@link #update(double[])} with the row of floats at {@code offset}. */
    public void update(float[] values, int offset) {
        Standardization.widen(values, offset, row);
        update(row);
    }

    /** Adds the first rows to the statistics and scales them in place, one after the other. */
    void standardize(Kernels kernels, float[] values, int count) {
        kernels.standardize(count, means.length, values, 0, means, variances, rows[0], rate, row);
        rows[0] += count;
    }

    @Override
    public void standardize(Kernels kernels, InputRow features, float[] inputs) {
        System.arraycopy(features.features(), 0, inputs, 0, inputs.length);
        standardize(kernels, inputs, 1);
    }

    /** Number of rows in the statistics. */
    public long rows() {
        return rows[0];
    }

    @Override
    public long[] counts() {
        return rows;
    }

    @Override
    public double[] means() {
        return means;
    }

    @Override
    public double[] variances() {
        return variances;
    }

    @Override
    public void set(long[] counts, double[] newMeans, double[] newVariances) {
        rows[0] = counts[0];
        System.arraycopy(newMeans, 0, means, 0, means.length);
        System.arraycopy(newVariances, 0, variances, 0, variances.length);
    }

    @Override
    public void save(StateWriter out) {
        out.putLong(rows[0]);
        out.putDoubles(means);
        out.putDoubles(variances);
    }

    /** Examples never have further features. */
    @Override
    public void restore(StateReader in, int saved) {
        restore(in);
    }

    /** Reads what {@link #save} wrote. */
    public void restore(StateReader in) {
        rows[0] = in.getCount();
        in.getDoubles(means);
        in.getDoubles(variances);
    }
}
