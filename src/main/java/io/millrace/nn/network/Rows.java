package io.millrace.nn.network;

/** Sums of blocks whose rows lie a stride apart. */
final class Rows {
    private Rows() {}

    /** Adds the first {@code width} floats of each row of {@code x} to those of {@code sum}. */
    static void add(float[] x, int xStride, float[] sum, int sumStride, int rows, int width) {
        for (int i = 0; i < rows; i++) {
            int from = i * xStride;
            int to = i * sumStride;
            for (int j = 0; j < width; j++) {
                sum[to + j] += x[from + j];
            }
        }
    }
}
