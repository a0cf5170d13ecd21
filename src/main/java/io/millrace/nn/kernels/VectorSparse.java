package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.VectorGemm.LANES;
import static io.millrace.nn.kernels.VectorGemm.SPECIES;
import static io.millrace.nn.kernels.VectorGemm.WIDE;

import jdk.incubator.vector.FloatVector;

/** {@link VectorKernels#addRows} and {@link VectorKernels#addToRows}: what stays the same for all rows stays in registers. */
final class VectorSparse {
    private VectorSparse() {}

    static void addRows(
            int from, int to, int[] ids, float[] values, float[] t, int tOffset, int width, float[] y, int yOffset) {
        int j = 0;
        for (; j <= width - WIDE; j += WIDE) {
            addFour(from, to, ids, values, t, tOffset + j, width, y, yOffset + j);
        }
        for (; j < width; j += LANES) {
            addOne(from, to, ids, values, t, tOffset + j, width, y, yOffset + j);
        }
    }

    private static void addFour(
            int from, int to, int[] ids, float[] values, float[] t, int t0, int width, float[] y, int y0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, y, y0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, y, y0 + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, y, y0 + 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, y, y0 + 3 * LANES);
        for (int i = from; i < to; i++) {
            int at = t0 + ids[i] * width;
            FloatVector x = FloatVector.broadcast(SPECIES, values[i]);
            s0 = x.fma(FloatVector.fromArray(SPECIES, t, at), s0);
            s1 = x.fma(FloatVector.fromArray(SPECIES, t, at + LANES), s1);
            s2 = x.fma(FloatVector.fromArray(SPECIES, t, at + 2 * LANES), s2);
            s3 = x.fma(FloatVector.fromArray(SPECIES, t, at + 3 * LANES), s3);
        }
        s0.intoArray(y, y0);
        s1.intoArray(y, y0 + LANES);
        s2.intoArray(y, y0 + 2 * LANES);
        s3.intoArray(y, y0 + 3 * LANES);
    }

    private static void addOne(
            int from, int to, int[] ids, float[] values, float[] t, int t0, int width, float[] y, int y0) {
        FloatVector s = FloatVector.fromArray(SPECIES, y, y0);
        for (int i = from; i < to; i++) {
            s = FloatVector.broadcast(SPECIES, values[i])
                    .fma(FloatVector.fromArray(SPECIES, t, t0 + ids[i] * width), s);
        }
        s.intoArray(y, y0);
    }

    static void addToRows(
            int from, int to, int[] ids, float[] values, float[] x, int xOffset, int width, float[] t, int tOffset) {
        int j = 0;
        for (; j <= width - WIDE; j += WIDE) {
            addToFour(from, to, ids, values, x, xOffset + j, width, t, tOffset + j);
        }
        for (; j < width; j += LANES) {
            addToOne(from, to, ids, values, x, xOffset + j, width, t, tOffset + j);
        }
    }

    private static void addToFour(
            int from, int to, int[] ids, float[] values, float[] x, int x0, int width, float[] t, int t0) {
        FloatVector y0 = FloatVector.fromArray(SPECIES, x, x0);
        FloatVector y1 = FloatVector.fromArray(SPECIES, x, x0 + LANES);
        FloatVector y2 = FloatVector.fromArray(SPECIES, x, x0 + 2 * LANES);
        FloatVector y3 = FloatVector.fromArray(SPECIES, x, x0 + 3 * LANES);
        for (int i = from; i < to; i++) {
            int at = t0 + ids[i] * width;
            FloatVector a = FloatVector.broadcast(SPECIES, values[i]);
            a.fma(y0, FloatVector.fromArray(SPECIES, t, at)).intoArray(t, at);
            a.fma(y1, FloatVector.fromArray(SPECIES, t, at + LANES)).intoArray(t, at + LANES);
            a.fma(y2, FloatVector.fromArray(SPECIES, t, at + 2 * LANES)).intoArray(t, at + 2 * LANES);
            a.fma(y3, FloatVector.fromArray(SPECIES, t, at + 3 * LANES)).intoArray(t, at + 3 * LANES);
        }
    }

    private static void addToOne(
            int from, int to, int[] ids, float[] values, float[] x, int x0, int width, float[] t, int t0) {
        FloatVector y = FloatVector.fromArray(SPECIES, x, x0);
        for (int i = from; i < to; i++) {
            int at = t0 + ids[i] * width;
            FloatVector.broadcast(SPECIES, values[i])
                    .fma(y, FloatVector.fromArray(SPECIES, t, at))
                    .intoArray(t, at);
        }
    }
}
