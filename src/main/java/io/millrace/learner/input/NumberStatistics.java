package io.millrace.learner.input;

import io.millrace.feature.DenseInput;
import io.millrace.feature.InputRow;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.Standardization;
import java.util.List;

/**
 * Online standardizer of declared features: as {@link Standardizer}, but each number has a count of its own, because a missing number must not
 * change its mean and variance, and some numbers enter as they are. These have the mean 0 and the variance 1. Allocates nothing after
 * construction.
 */
final class NumberStatistics implements FeatureStatistics {
    private final double rate;
    private final boolean[] standardized;
    private final long[] counts;
    private final double[] means;
    private final double[] variances;
    private final RowScaler scaler;

    /**
     * @param rate minimum weight of a new number, in [0, 1)
     * @param sequence see {@link RowScaler#RowScaler}
     */
    NumberStatistics(List<DenseInput> inputs, double rate, boolean sequence) {
        this.rate = rate;
        standardized = new boolean[inputs.size()];
        counts = new long[standardized.length];
        means = new double[standardized.length];
        variances = new double[standardized.length];
        scaler = new RowScaler(standardized.length, sequence);
        for (int j = 0; j < standardized.length; j++) {
            standardized[j] = inputs.get(j).standardized();
            variances[j] = standardized[j] ? 0 : 1;
        }
    }

    @Override
    public void standardize(Kernels kernels, InputRow row, float[] inputs) {
        standardize(row.numbers(), 0, inputs);
    }

    /** Adds the numbers from {@code offset} on to the statistics, then scales them into the same place of the inputs; NaN is missing. */
    void standardize(double[] numbers, int offset, float[] inputs) {
        update(numbers, offset, rate);
        scaler.scale(numbers, offset, means, variances, inputs, offset);
    }

    @Override
    public void update(double[] numbers, double least) {
        update(numbers, 0, least);
    }

    private void update(double[] numbers, int offset, double least) {
        for (int j = 0; j < means.length; j++) {
            double x = numbers[offset + j];
            if (standardized[j] && !Double.isNaN(x)) {
                counts[j]++;
                double weight = Standardization.weight(counts[j], least);
                double difference = x - means[j];
                means[j] = Standardization.flushed(means[j] + weight * difference);
                variances[j] =
                        Standardization.flushed((1 - weight) * (variances[j] + weight * difference * difference));
            }
        }
    }

    @Override
    public long[] counts() {
        return counts;
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
    public void set(long[] newCounts, double[] newMeans, double[] newVariances) {
        System.arraycopy(newCounts, 0, counts, 0, counts.length);
        System.arraycopy(newMeans, 0, means, 0, means.length);
        System.arraycopy(newVariances, 0, variances, 0, variances.length);
    }

    @Override
    public void save(StateWriter out) {
        for (long count : counts) {
            out.putLong(count);
        }
        out.putDoubles(means);
        out.putDoubles(variances);
    }

    @Override
    public void restore(StateReader in, int saved) {
        for (int j = 0; j < saved; j++) {
            counts[j] = in.getCount();
        }
        in.getDoubles(means, saved);
        in.getDoubles(variances, saved);
    }
}
