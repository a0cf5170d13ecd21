package io.millrace.learner.input;

import io.millrace.feature.InputRow;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Online standardizer: scales each feature by its running mean and variance, which never include later rows.
 *
 * <p>The row x_t enters the statistics first, with weight a_t = max(1/t, rate): d = x_t - mean, mean += a d,
 * variance = (1 - a)(variance + a d^2). Rate 0 gives Welford's mean and population variance (Welford 1962, Technometrics
 * 4:419); a positive rate gives exponentially weighted ones (West 1979; Finch 2009). Then z = (x - mean) / sqrt(variance)
 * where the variance is above {@value #MIN_VARIANCE}, else 0, clipped to [-{@value #CLIP}, {@value #CLIP}]. Everything is computed in
 * double, which cannot overflow: the square of the largest float is 1e77. Allocates nothing after construction.
 */
public final class Standardizer implements FeatureStatistics {
    static final double MIN_VARIANCE = 1e-12;
    static final double CLIP = 10;

    /**
     * Added and subtracted, which leaves multiples of 2e-146. So the statistics of a feature that has become constant are never smaller
     * than that, except 0, and not even the square of a difference is a denormal, which is a hundred times slower. Numbers that come from
     * floats do not change.
     */
    private static final double FLUSH = 1e-130;

    private final double rate;
    private final double[] means;
    private final double[] variances;
    private final double[] row; // a row of floats, widened: loops over doubles alone are vectorised
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
        double weight = Math.max(1.0 / rows[0], least);
        double keep = 1 - weight;
        for (int j = 0; j < means.length; j++) {
            double difference = values[j] - means[j];
            means[j] = flushed(means[j] + weight * difference);
            variances[j] = flushed(keep * (variances[j] + weight * difference * difference));
        }
    }

    /** The number without what is smaller than {@link #FLUSH} can hold. */
    static double flushed(double x) {
        return x + FLUSH - FLUSH;
    }

    /**
     * Scales a row in place.
     *
     * @param values finite values, [width]
     */
    public void scale(double[] values) {
        scale(values, means, variances);
    }

    /** Scales a row in place with given statistics; NaN stays NaN. */
    static void scale(double[] values, double[] means, double[] variances) {
        for (int j = 0; j < means.length; j++) {
            double z = (values[j] - means[j]) / Math.sqrt(variances[j]);
            values[j] = Math.max(-CLIP, Math.min(CLIP, z));
        }
        // separate from the loop above, which is vectorised because it has no branch
        for (int j = 0; j < means.length; j++) {
            if (!(variances[j] > MIN_VARIANCE)) {
                values[j] = 0;
            }
        }
    }

    /** {@link #update(double[])} with the row of floats at {@code offset}. */
    public void update(float[] values, int offset) {
        widen(values, offset, row);
        update(row);
    }

    /** Adds the row at {@code offset} to the statistics, then scales it in place. */
    public void standardize(float[] values, int offset) {
        update(values, offset);
        scale(row);
        narrow(row, values, offset);
    }

    @Override
    public void standardize(InputRow features, float[] inputs) {
        System.arraycopy(features.features(), 0, inputs, 0, inputs.length);
        standardize(inputs, 0);
    }

    /**
     * Scales a row in place with given statistics, as a prediction does.
     *
     * @param scratch overwritten; as long as the row
     */
    public static void scale(float[] values, double[] means, double[] variances, double[] scratch) {
        widen(values, 0, scratch);
        scale(scratch, means, variances);
        narrow(scratch, values, 0);
    }

    private static void widen(float[] from, int offset, double[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] = from[offset + j];
        }
    }

    private static void narrow(double[] from, float[] to, int offset) {
        for (int j = 0; j < from.length; j++) {
            to[offset + j] = (float) from[j];
        }
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
