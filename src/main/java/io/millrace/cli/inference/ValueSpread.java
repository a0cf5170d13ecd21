package io.millrace.cli.inference;

import java.util.Arrays;

/**
 * How the numbers of a field spread, from a systematic sample: every n-th of them, where n doubles whenever the sample is
 * full. The sample covers the whole field and depends on its values alone.
 */
final class ValueSpread {
    private static final int CAPACITY = 512; // even: halving keeps the stride
    private static final int FEW = 30;

    /** A 99th percentile so many times the first one is several powers of ten. */
    private static final double WIDE = 1000;

    /** The logarithm of 1 + x differs from a straight line only above one. */
    private static final double LARGE = 100;

    private double[] sample = {}; // grows: a file may have thousands of columns
    private int size;
    private long seen;
    private long stride = 1;
    private double sum;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    void add(double value) {
        least = Math.min(least, value);
        most = Math.max(most, value);
        sum += value;
        if (seen++ % stride == 0) {
            if (size == CAPACITY) {
                for (int i = 0; i < CAPACITY / 2; i++) {
                    sample[i] = sample[2 * i];
                }
                size = CAPACITY / 2;
                stride *= 2;
            }
            if ((seen - 1) % stride == 0) {
                if (size == sample.length) {
                    sample = Arrays.copyOf(sample, Math.min(CAPACITY, Math.max(16, 2 * size)));
                }
                sample[size++] = value;
            }
        }
    }

    /** The range of the values, each times a factor. */
    ValueSpread scaled(double factor) {
        ValueSpread scaled = new ValueSpread();
        scaled.add(least * factor);
        scaled.add(most * factor);
        return scaled;
    }

    double least() {
        return least;
    }

    double most() {
        return most;
    }

    /** Whether the values are positive and skewed over several powers of ten, so that their logarithm tells more. */
    boolean skewed() {
        if (size < FEW || least < 0) {
            return false;
        }
        double[] sorted = Arrays.copyOf(sample, size);
        Arrays.sort(sorted);
        double low = Math.max(quantile(sorted, 0.01), smallestPositive(sorted));
        double high = quantile(sorted, 0.99);
        return high >= LARGE && high >= WIDE * low && sum / seen > 2 * quantile(sorted, 0.5);
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) (share * (sorted.length - 1))];
    }

    private static double smallestPositive(double[] sorted) {
        for (double value : sorted) {
            if (value > 0) {
                return value;
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
