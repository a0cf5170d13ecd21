package io.millrace.nn.initializer;

/**
 * Random orthogonal matrices (Saxe, McClelland and Ganguli, 2014), for the weights between the states of a recurrent layer: what is multiplied by one many times
 * keeps its length. The rows are independent normal vectors, made orthogonal one after the other (Gram and Schmidt, each row twice), which makes all
 * orthogonal matrices equally likely.
 */
public final class Orthogonal {
    private Orthogonal() {}

    /**
     * Draws a matrix {@code [size x size]}.
     *
     * @param random gives {@code size^2} normal numbers
     * @param to row-major from {@code offset}, rows {@code stride} apart
     */
    public static void draw(SplitMix64 random, int size, float[] to, int offset, int stride) {
        double[][] rows = new double[size][size];
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                rows[i][j] = random.nextGaussian();
            }
            for (int pass = 0; pass < 2; pass++) { // what rounding left of earlier rows
                for (int k = 0; k < i; k++) {
                    add(-dot(rows[i], rows[k]), rows[k], rows[i]);
                }
                scale(1 / StrictMath.sqrt(dot(rows[i], rows[i])), rows[i]);
            }
            for (int j = 0; j < size; j++) {
                to[offset + i * stride + j] = (float) rows[i][j];
            }
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += x[j] * y[j];
        }
        return sum;
    }

    private static void add(double a, double[] x, double[] y) {
        for (int j = 0; j < x.length; j++) {
            y[j] += a * x[j];
        }
    }

    private static void scale(double a, double[] x) {
        for (int j = 0; j < x.length; j++) {
            x[j] *= a;
        }
    }
}
