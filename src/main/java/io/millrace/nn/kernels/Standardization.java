package io.millrace.nn.kernels;

/**
 * Online standardisation of numbers by their running means and variances, in plain Java. Everything is computed in double, which cannot
 * overflow: the square of the largest float is 1e77.
 */
public final class Standardization {
    /** At or below this variance a number becomes 0. */
    public static final double MIN_VARIANCE = 1e-12;

    /** Largest magnitude of a standardised number. */
    public static final double CLIP = 10;

    /**
     * Added and subtracted, which leaves multiples of 2e-146. So the statistics of a number that has become constant are never smaller than
     * that, except 0, and not even the square of a difference is a denormal, which is a hundred times slower. Numbers that come from floats do
     * not change.
     */
    static final double FLUSH = 1e-130;

    private Standardization() {}

    /** The weight of the {@code n}-th row, counted from 1: {@code max(1/n, least)}. */
    public static double weight(long n, double least) {
        return Math.max(1.0 / n, least);
    }

    /** The number without what is smaller than {@link #FLUSH} can hold. */
    public static double flushed(double x) {
        return x + FLUSH - FLUSH;
    }

    /**
     * Adds a row with the weight {@code a} to the statistics: {@code d = x - mean, mean += a d, variance = (1 - a)(variance + a d^2)}.
     *
     * @param values finite; this and the other arrays have one number for each feature
     */
    public static void update(double[] values, double[] means, double[] variances, double weight) {
        update(values, means, variances, weight, 0, means.length);
    }

    /** {@link #update(double[], double[], double[], double)} of the numbers {@code from..to} only. */
    public static void update(double[] values, double[] means, double[] variances, double weight, int from, int to) {
        double keep = 1 - weight;
        for (int j = from; j < to; j++) {
            double difference = values[j] - means[j];
            means[j] = flushed(means[j] + weight * difference);
            variances[j] = flushed(keep * (variances[j] + weight * difference * difference));
        }
    }

    /**
     * Scales a row in place: {@code (x - mean) / sqrt(variance)}, clipped to {@link #CLIP}, where the variance is above {@link #MIN_VARIANCE}, else
     * 0. NaN stays NaN.
     */
    public static void scale(double[] values, double[] means, double[] variances) {
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

    /** Copies a row of floats, from {@code offset}, to doubles: loops over doubles alone are vectorised. */
    public static void widen(float[] from, int offset, double[] to) {
        for (int j = 0; j < to.length; j++) {
            to[j] = from[offset + j];
        }
    }

    /** The inverse of {@link #widen}, rounded. */
    public static void narrow(double[] from, float[] to, int offset) {
        for (int j = 0; j < from.length; j++) {
            to[offset + j] = (float) from[j];
        }
    }

    /** {@link Kernels#standardize}. */
    static void standardize(
            int rows,
            int width,
            float[] x,
            int xOffset,
            double[] means,
            double[] variances,
            long seen,
            double least,
            double[] scratch) {
        for (int i = 0, row = xOffset; i < rows; i++, row += width) {
            widen(x, row, scratch);
            update(scratch, means, variances, weight(seen + i + 1, least));
            scale(scratch, means, variances);
            narrow(scratch, x, row);
        }
    }
}
