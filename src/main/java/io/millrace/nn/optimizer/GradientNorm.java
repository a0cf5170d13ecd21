package io.millrace.nn.optimizer;

/** The L2 norm of a gradient, summed in double in one fixed order, so that it has the same bits everywhere. */
public final class GradientNorm {
    private GradientNorm() {}

    /**
     * {@code sqrt(sum g[i]^2)} over some ranges. Squares of floats are exact in double. Eight separate sums hide the latency of the additions: one for
     * each index modulo 8, which is the column of an element modulo 8 also where a matrix is turned.
     *
     * @param gradient a padded array, its padding zero
     * @param ranges starts and ends that are multiples of 8
     */
    public static double of(float[] gradient, Ranges ranges) {
        double sum = 0;
        for (int i = 0; i < ranges.size(); i++) {
            sum += sumOfSquares(gradient, ranges.from(i), ranges.to(i), ranges.turned(i));
        }
        return Math.sqrt(sum);
    }

    private static double sumOfSquares(float[] gradient, int from, int to, Ranges.Turned[] turned) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = from;
        for (int t = 0; t <= turned.length; t++) {
            int end = t < turned.length ? turned[t].from() : to;
            for (; i < end; i += 8) {
                s0 += (double) gradient[i] * gradient[i];
                s1 += (double) gradient[i + 1] * gradient[i + 1];
                s2 += (double) gradient[i + 2] * gradient[i + 2];
                s3 += (double) gradient[i + 3] * gradient[i + 3];
                s4 += (double) gradient[i + 4] * gradient[i + 4];
                s5 += (double) gradient[i + 5] * gradient[i + 5];
                s6 += (double) gradient[i + 6] * gradient[i + 6];
                s7 += (double) gradient[i + 7] * gradient[i + 7];
            }
            if (t < turned.length) {
                Ranges.Turned part = turned[t];
                s0 = addRow(s0, gradient, part, 0);
                s1 = addRow(s1, gradient, part, 1);
                s2 = addRow(s2, gradient, part, 2);
                s3 = addRow(s3, gradient, part, 3);
                s4 = addRow(s4, gradient, part, 4);
                s5 = addRow(s5, gradient, part, 5);
                s6 = addRow(s6, gradient, part, 6);
                s7 = addRow(s7, gradient, part, 7);
                i += part.rows() * part.stride();
            }
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    private static double addRow(double sum, float[] gradient, Ranges.Turned part, int row) {
        if (row >= part.rows()) {
            return sum;
        }
        double s = sum;
        int from = part.from() + row * part.stride();
        for (int i = from; i < from + part.stride(); i++) {
            s += (double) gradient[i] * gradient[i];
        }
        return s;
    }
}
