package io.millrace.nn.kernels;

/** {@link Kernels#addFloats} and {@link Kernels#addDoubles} in plain Java, from an index on. */
final class Sums {
    private Sums() {}

    static void addFloats(float[] x, int from, int length, double[] sums) {
        for (int i = from; i < length; i++) {
            sums[i] += x[i];
        }
    }

    static void addDoubles(double[] x, int from, int length, double[] sums) {
        for (int i = from; i < length; i++) {
            if (!Double.isNaN(x[i])) {
                sums[i] += x[i];
            }
        }
    }
}
