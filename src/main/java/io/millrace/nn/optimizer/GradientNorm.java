package io.millrace.nn.optimizer;

/** The L2 norm of a gradient, summed in double in one fixed order, so that it has the same bits everywhere. */
public final class GradientNorm {
    private GradientNorm() {}

    /**
     * {@code sqrt(sum g[i]^2)} over some ranges. Squares of floats are exact in double. Eight separate sums, one for each index modulo 8, hide the latency
     * of the additions.
     *
     * @param gradient a padded array, its padding zero
     * @param ranges starts and ends that are multiples of 8
     */
    public static double of(float[] gradient, Ranges ranges) {
        double sum = 0;
        for (int i = 0; i < ranges.size(); i++) {
            sum += sumOfSquares(gradient, ranges.from(i), ranges.to(i));
        }
        return Math.sqrt(sum);
    }

    private static double sumOfSquares(float[] gradient, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        for (int i = from; i < to; i += 8) {
            s0 += (double) gradient[i] * gradient[i];
            s1 += (double) gradient[i + 1] * gradient[i + 1];
            s2 += (double) gradient[i + 2] * gradient[i + 2];
            s3 += (double) gradient[i + 3] * gradient[i + 3];
            s4 += (double) gradient[i + 4] * gradient[i + 4];
            s5 += (double) gradient[i + 5] * gradient[i + 5];
            s6 += (double) gradient[i + 6] * gradient[i + 6];
            s7 += (double) gradient[i + 7] * gradient[i + 7];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }
}
