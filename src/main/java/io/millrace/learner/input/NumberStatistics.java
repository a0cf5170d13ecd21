package io.millrace.learner.input;

import io.millrace.feature.DenseInput;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.List;

/**
 * Online standardizer of declared features: as {@link Standardizer}, but each number has a count of its own, because a missing number must not
 * change its mean and variance, and some numbers enter as they are. These have the mean 0 and the variance 1. Allocates nothing after
 * construction.
 */
final class NumberStatistics {
    private final double rate;
    private final boolean[] standardized;
    private final long[] counts;
    private final double[] means;
    private final double[] variances;

    /** @param rate minimum weight of a new number, in [0, 1) */
    NumberStatistics(List<DenseInput> inputs, double rate) {
        this.rate = rate;
        standardized = new boolean[inputs.size()];
        counts = new long[standardized.length];
        means = new double[standardized.length];
        variances = new double[standardized.length];
        for (int j = 0; j < standardized.length; j++) {
            standardized[j] = inputs.get(j).standardized();
            variances[j] = standardized[j] ? 0 : 1;
        }
    }

    /** Adds the numbers from {@code offset} on to the statistics; NaN is missing. */
    void update(double[] numbers, int offset) {
        for (int j = 0; j < means.length; j++) {
            double x = numbers[offset + j];
            if (standardized[j] && !Double.isNaN(x)) {
                counts[j]++;
                double weight = Math.max(1.0 / counts[j], rate);
                double difference = x - means[j];
                means[j] = Standardizer.flushed(means[j] + weight * difference);
                variances[j] = Standardizer.flushed((1 - weight) * (variances[j] + weight * difference * difference));
            }
        }
    }

    /** @return running means, live */
    double[] means() {
        return means;
    }

    /** @return running population variances, live */
    double[] variances() {
        return variances;
    }

    /** Copies the statistics of the same features. */
    void copy(NumberStatistics other) {
        System.arraycopy(other.counts, 0, counts, 0, counts.length);
        System.arraycopy(other.means, 0, means, 0, means.length);
        System.arraycopy(other.variances, 0, variances, 0, variances.length);
    }

    void save(StateWriter out) {
        for (long count : counts) {
            out.putLong(count);
        }
        out.putDoubles(means);
        out.putDoubles(variances);
    }

    void restore(StateReader in, int saved) {
        for (int j = 0; j < saved; j++) {
            counts[j] = in.getCount();
        }
        in.getDoubles(means, saved);
        in.getDoubles(variances, saved);
    }
}
