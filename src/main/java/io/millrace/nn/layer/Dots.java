package io.millrace.nn.layer;

/**
 * Products of a matrix with one row, {@code y[k] += sum_j w[k][j] x[j]}: each element is one chain of fused multiply-adds over increasing {@code j}.
 * Several chains run at once and hide each other's latency.
 */
final class Dots {
    private Dots() {}

    /**
     * Adds the products.
     *
     * @param w row-major {@code [count x length]} from {@code wOffset}, rows {@code stride} apart
     * @param x {@code [length]} from {@code xOffset}
     * @param y {@code [count]} from {@code yOffset}
     */
    static void add(
            float[] w, int wOffset, int count, int length, int stride, float[] x, int xOffset, float[] y, int yOffset) {
        int k = 0;
        for (; k + 2 < count; k += 8) {
            eight(w, wOffset + k * stride, Math.min(8, count - k), length, stride, x, xOffset, y, yOffset + k);
        }
        if (k + 2 == count) {
            two(w, wOffset + k * stride, length, stride, x, xOffset, y, yOffset + k);
        } else if (k + 1 == count) {
            one(w, wOffset + k * stride, length, x, xOffset, y, yOffset + k);
        }
    }

    private static void one(float[] w, int row, int length, float[] x, int xOffset, float[] y, int yOffset) {
        float s = y[yOffset];
        for (int j = 0; j < length; j++) {
            s = Math.fma(w[row + j], x[xOffset + j], s);
        }
        y[yOffset] = s;
    }

    private static void two(
            float[] w, int row0, int length, int stride, float[] x, int xOffset, float[] y, int yOffset) {
        int row1 = row0 + stride;
        float s0 = y[yOffset];
        float s1 = y[yOffset + 1];
        for (int j = 0; j < length; j++) {
            float d = x[xOffset + j];
            s0 = Math.fma(w[row0 + j], d, s0);
            s1 = Math.fma(w[row1 + j], d, s1);
        }
        y[yOffset] = s0;
        y[yOffset + 1] = s1;
    }

    /** Three to eight elements: where there are fewer than eight, the last one is computed several times, which takes no longer. */
    private static void eight(
            float[] w, int row0, int count, int length, int stride, float[] x, int xOffset, float[] y, int y0) {
        int last = count - 1;
        int k3 = Math.min(3, last);
        int k4 = Math.min(4, last);
        int k5 = Math.min(5, last);
        int k6 = Math.min(6, last);
        int k7 = Math.min(7, last);
        int row1 = row0 + stride;
        int row2 = row1 + stride;
        int row3 = row0 + k3 * stride;
        int row4 = row0 + k4 * stride;
        int row5 = row0 + k5 * stride;
        int row6 = row0 + k6 * stride;
        int row7 = row0 + k7 * stride;
        float s0 = y[y0];
        float s1 = y[y0 + 1];
        float s2 = y[y0 + 2];
        float s3 = y[y0 + k3];
        float s4 = y[y0 + k4];
        float s5 = y[y0 + k5];
        float s6 = y[y0 + k6];
        float s7 = y[y0 + k7];
        for (int j = 0; j < length; j++) {
            float d = x[xOffset + j];
            s0 = Math.fma(w[row0 + j], d, s0);
            s1 = Math.fma(w[row1 + j], d, s1);
            s2 = Math.fma(w[row2 + j], d, s2);
            s3 = Math.fma(w[row3 + j], d, s3);
            s4 = Math.fma(w[row4 + j], d, s4);
            s5 = Math.fma(w[row5 + j], d, s5);
            s6 = Math.fma(w[row6 + j], d, s6);
            s7 = Math.fma(w[row7 + j], d, s7);
        }
        y[y0] = s0;
        y[y0 + 1] = s1;
        y[y0 + 2] = s2;
        y[y0 + k3] = s3;
        y[y0 + k4] = s4;
        y[y0 + k5] = s5;
        y[y0 + k6] = s6;
        y[y0 + k7] = s7;
    }
}
