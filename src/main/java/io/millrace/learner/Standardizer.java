package io.millrace.learner;

/**
 * Online standardizer: scales each feature by its running mean and variance, which never look ahead.
 *
 * <p>The row x_t enters the statistics first, with weight a_t = max(1/t, rate): d = x_t - mean, mean += a d,
 * variance = (1 - a)(variance + a d^2). Rate 0 gives Welford's mean and population variance (Welford 1962, Technometrics
 * 4:419); a positive rate gives exponentially weighted ones (West 1979; Finch 2009). Then z = (x - mean) / sqrt(variance)
 * where the variance is above {@value #MIN_VARIANCE}, else 0, clipped to [-{@value #CLIP}, {@value #CLIP}]. All in double.
 * Allocates nothing after construction.
 */
public final class Standardizer {
    static final double MIN_VARIANCE = 1e-12;
    static final double CLIP = 10;

    private final double rate;
    private final double[] means;
    private final double[] variances;
    private long rows;

    /**
     * @param width features of a row
     * @param rate least weight of a new row, in [0, 1)
     */
    public Standardizer(int width, double rate) {
        this.rate = rate;
        means = new double[width];
        variances = new double[width];
    }

    /**
     * Takes a row into the statistics.
     *
     * @param row holds the row from {@code offset} on, finite values
     * @param offset index of the first value
     */
    public void update(float[] row, int offset) {
        rows++;
        double weight = Math.max(1.0 / rows, rate);
        double keep = 1 - weight;
        for (int j = 0; j < means.length; j++) {
            double difference = row[offset + j] - means[j];
            means[j] += weight * difference;
            variances[j] = keep * (variances[j] + weight * difference * difference);
        }
    }

    /**
     * Scales a row in place.
     *
     * @param row holds the row from {@code offset} on
     * @param offset index of the first value
     */
    public void scale(float[] row, int offset) {
        scale(row, offset, means, variances);
    }

    /** Scales a row in place with given statistics: what a prediction does. */
    static void scale(float[] row, int offset, double[] means, double[] variances) {
        for (int j = 0; j < means.length; j++) {
            double variance = variances[j];
            double z = variance > MIN_VARIANCE ? (row[offset + j] - means[j]) / Math.sqrt(variance) : 0;
            row[offset + j] = (float) Math.max(-CLIP, Math.min(CLIP, z));
        }
    }

    /** @return running means, live */
    public double[] means() {
        return means;
    }

    /** @return running population variances, live */
    public double[] variances() {
        return variances;
    }

    void save(StateWriter out) {
        out.putLong(rows);
        out.putDoubles(means);
        out.putDoubles(variances);
    }

    void restore(StateReader in) {
        rows = in.getLong();
        in.getDoubles(means);
        in.getDoubles(variances);
    }
}
