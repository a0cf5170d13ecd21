package io.millrace.learner;

/** Means of several quantities that are observed together; with a fading below 1, the past counts less and less. */
final class Means {
    private final double fading;
    private final double[] sums;
    private double weight;
    private long count;

    Means(int quantities, double fading) {
        this.fading = fading;
        sums = new double[quantities];
    }

    void add(double[] values) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = sums[i] * fading + values[i];
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
        java.util.Arrays.fill(sums, 0);
        weight = 0;
        count = 0;
    }

    void save(StateWriter out) {
        out.putDoubles(sums);
        out.putDouble(weight);
        out.putLong(count);
    }

    void restore(StateReader in) {
        in.getDoubles(sums);
        weight = in.getDouble();
        count = in.getLong();
    }
}
