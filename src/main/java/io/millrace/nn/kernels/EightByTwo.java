package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.VectorGemm.LANES;
import static io.millrace.nn.kernels.VectorGemm.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The register tile of {@link VectorPanels}: 8 rows x 2 vectors of accumulators, 2 of B and 1 of A. Both factors are copied to consecutive memory.
 *
 * <p>It is as fast as larger tiles, and takes 19 of 32 registers. With 24 accumulators it depended on the process how C2 of Java 17 assigned
 * registers: in many it kept vectors of B on the stack for each multiply-add, which took three times as long.
 *
 * <p>Every index in the loop is a power of two times the loop variable plus what does not change in the loop: only then C2 moves the range
 * checks out of it.
 */
final class EightByTwo {
    /** Distance of the columns of A. */
    static final int A_STRIDE = 16;
    /** Distance of the rows of B. */
    static final int B_STRIDE = 2 * LANES;

    private EightByTwo() {}

    /**
     * {@code C += A B}.
     *
     * @param a element {@code (i, q)} is {@code a[a0 + q * A_STRIDE + i]}
     * @param b row {@code q} begins at {@code b0 + q * B_STRIDE}
     */
    static void compute(int k, float[] a, int a0, float[] b, int b0, float[] c, int c0, int cStride) {
        int c1 = c0 + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        int c4 = c3 + cStride;
        int c5 = c4 + cStride;
        int c6 = c5 + cStride;
        int c7 = c6 + cStride;
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
        FloatVector s60 = FloatVector.fromArray(SPECIES, c, c6);
        FloatVector s61 = FloatVector.fromArray(SPECIES, c, c6 + LANES);
        FloatVector s70 = FloatVector.fromArray(SPECIES, c, c7);
        FloatVector s71 = FloatVector.fromArray(SPECIES, c, c7 + LANES);
        for (int q = 0; q < k; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, b0 + q * B_STRIDE);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, b0 + q * B_STRIDE + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE + 1]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE + 2]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE + 3]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
            x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE + 4]);
            s40 = x.fma(y0, s40);
            s41 = x.fma(y1, s41);
            x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE + 5]);
            s50 = x.fma(y0, s50);
            s51 = x.fma(y1, s51);
            x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE + 6]);
            s60 = x.fma(y0, s60);
            s61 = x.fma(y1, s61);
            x = FloatVector.broadcast(SPECIES, a[a0 + q * A_STRIDE + 7]);
            s70 = x.fma(y0, s70);
            s71 = x.fma(y1, s71);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + LANES);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + LANES);
        s60.intoArray(c, c6);
        s61.intoArray(c, c6 + LANES);
        s70.intoArray(c, c7);
        s71.intoArray(c, c7 + LANES);
    }
}
