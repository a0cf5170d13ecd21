package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.VectorGemm.LANES;
import static io.millrace.nn.kernels.VectorGemm.SPECIES;
import static io.millrace.nn.kernels.VectorGemm.WIDE;

import jdk.incubator.vector.FloatVector;

/**
 * The register tile for processors with 32 vector registers: 6 rows x 4 vectors of accumulators, 4 of B and 1 of A. It loads less
 * for each multiply-add than {@link VectorGemm#fourByFour}. Where there are 16 registers it would spill, and is slower.
 *
 * <p>Every index in the loop is a constant times the loop variable plus what does not change in the loop: only then C2 moves the
 * range checks out of it, and they cost as much as the arithmetic. Hence two methods, for the two ways in which A lies in memory,
 * and B in consecutive rows of a wide tile from index 0.
 */
final class SixByFour {
    /** Distance of the rows of a transposed A, which is copied to that; odd in cache lines, so that rows do not evict each other. */
    static final int COLUMN_STRIDE = 272;

    private SixByFour() {}

    /** Element {@code (i, q)} of A is {@code a[a0 + i * aRow + q]}. */
    static void rows(int k, float[] a, int a0, int aRow, float[] b, float[] c, int c0, int cStride) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int a4 = a3 + aRow;
        int a5 = a4 + aRow;
        int c1 = c0 + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        int c4 = c3 + cStride;
        int c5 = c4 + cStride;
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s02 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
        FloatVector s03 = FloatVector.fromArray(SPECIES, c, c0 + 3 * LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s12 = FloatVector.fromArray(SPECIES, c, c1 + 2 * LANES);
        FloatVector s13 = FloatVector.fromArray(SPECIES, c, c1 + 3 * LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s22 = FloatVector.fromArray(SPECIES, c, c2 + 2 * LANES);
        FloatVector s23 = FloatVector.fromArray(SPECIES, c, c2 + 3 * LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
        FloatVector s32 = FloatVector.fromArray(SPECIES, c, c3 + 2 * LANES);
        FloatVector s33 = FloatVector.fromArray(SPECIES, c, c3 + 3 * LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
        FloatVector s42 = FloatVector.fromArray(SPECIES, c, c4 + 2 * LANES);
        FloatVector s43 = FloatVector.fromArray(SPECIES, c, c4 + 3 * LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
        FloatVector s52 = FloatVector.fromArray(SPECIES, c, c5 + 2 * LANES);
        FloatVector s53 = FloatVector.fromArray(SPECIES, c, c5 + 3 * LANES);
        for (int q = 0; q < k; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, q * WIDE);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, q * WIDE + LANES);
            FloatVector y2 = FloatVector.fromArray(SPECIES, b, q * WIDE + 2 * LANES);
            FloatVector y3 = FloatVector.fromArray(SPECIES, b, q * WIDE + 3 * LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + q]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            s02 = x.fma(y2, s02);
            s03 = x.fma(y3, s03);
            x = FloatVector.broadcast(SPECIES, a[a1 + q]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            s12 = x.fma(y2, s12);
            s13 = x.fma(y3, s13);
            x = FloatVector.broadcast(SPECIES, a[a2 + q]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            s22 = x.fma(y2, s22);
            s23 = x.fma(y3, s23);
            x = FloatVector.broadcast(SPECIES, a[a3 + q]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
            s32 = x.fma(y2, s32);
            s33 = x.fma(y3, s33);
            x = FloatVector.broadcast(SPECIES, a[a4 + q]);
            s40 = x.fma(y0, s40);
            s41 = x.fma(y1, s41);
            s42 = x.fma(y2, s42);
            s43 = x.fma(y3, s43);
            x = FloatVector.broadcast(SPECIES, a[a5 + q]);
            s50 = x.fma(y0, s50);
            s51 = x.fma(y1, s51);
            s52 = x.fma(y2, s52);
            s53 = x.fma(y3, s53);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s02.intoArray(c, c0 + 2 * LANES);
        s03.intoArray(c, c0 + 3 * LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s12.intoArray(c, c1 + 2 * LANES);
        s13.intoArray(c, c1 + 3 * LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s22.intoArray(c, c2 + 2 * LANES);
        s23.intoArray(c, c2 + 3 * LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s32.intoArray(c, c3 + 2 * LANES);
        s33.intoArray(c, c3 + 3 * LANES);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + LANES);
        s42.intoArray(c, c4 + 2 * LANES);
        s43.intoArray(c, c4 + 3 * LANES);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + LANES);
        s52.intoArray(c, c5 + 2 * LANES);
        s53.intoArray(c, c5 + 3 * LANES);
    }

    /** Element {@code (i, q)} of A is {@code a[a0 + i + q * COLUMN_STRIDE]}. */
    static void columns(int k, float[] a, int a0, float[] b, float[] c, int c0, int cStride) {
        int c1 = c0 + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        int c4 = c3 + cStride;
        int c5 = c4 + cStride;
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s02 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
        FloatVector s03 = FloatVector.fromArray(SPECIES, c, c0 + 3 * LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s12 = FloatVector.fromArray(SPECIES, c, c1 + 2 * LANES);
        FloatVector s13 = FloatVector.fromArray(SPECIES, c, c1 + 3 * LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s22 = FloatVector.fromArray(SPECIES, c, c2 + 2 * LANES);
        FloatVector s23 = FloatVector.fromArray(SPECIES, c, c2 + 3 * LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
        FloatVector s32 = FloatVector.fromArray(SPECIES, c, c3 + 2 * LANES);
        FloatVector s33 = FloatVector.fromArray(SPECIES, c, c3 + 3 * LANES);
        FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4);
        FloatVector s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
        FloatVector s42 = FloatVector.fromArray(SPECIES, c, c4 + 2 * LANES);
        FloatVector s43 = FloatVector.fromArray(SPECIES, c, c4 + 3 * LANES);
        FloatVector s50 = FloatVector.fromArray(SPECIES, c, c5);
        FloatVector s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
        FloatVector s52 = FloatVector.fromArray(SPECIES, c, c5 + 2 * LANES);
        FloatVector s53 = FloatVector.fromArray(SPECIES, c, c5 + 3 * LANES);
        for (int q = 0; q < k; q++) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, q * WIDE);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, q * WIDE + LANES);
            FloatVector y2 = FloatVector.fromArray(SPECIES, b, q * WIDE + 2 * LANES);
            FloatVector y3 = FloatVector.fromArray(SPECIES, b, q * WIDE + 3 * LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + q * COLUMN_STRIDE]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            s02 = x.fma(y2, s02);
            s03 = x.fma(y3, s03);
            x = FloatVector.broadcast(SPECIES, a[a0 + 1 + q * COLUMN_STRIDE]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            s12 = x.fma(y2, s12);
            s13 = x.fma(y3, s13);
            x = FloatVector.broadcast(SPECIES, a[a0 + 2 + q * COLUMN_STRIDE]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            s22 = x.fma(y2, s22);
            s23 = x.fma(y3, s23);
            x = FloatVector.broadcast(SPECIES, a[a0 + 3 + q * COLUMN_STRIDE]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
            s32 = x.fma(y2, s32);
            s33 = x.fma(y3, s33);
            x = FloatVector.broadcast(SPECIES, a[a0 + 4 + q * COLUMN_STRIDE]);
            s40 = x.fma(y0, s40);
            s41 = x.fma(y1, s41);
            s42 = x.fma(y2, s42);
            s43 = x.fma(y3, s43);
            x = FloatVector.broadcast(SPECIES, a[a0 + 5 + q * COLUMN_STRIDE]);
            s50 = x.fma(y0, s50);
            s51 = x.fma(y1, s51);
            s52 = x.fma(y2, s52);
            s53 = x.fma(y3, s53);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s02.intoArray(c, c0 + 2 * LANES);
        s03.intoArray(c, c0 + 3 * LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s12.intoArray(c, c1 + 2 * LANES);
        s13.intoArray(c, c1 + 3 * LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s22.intoArray(c, c2 + 2 * LANES);
        s23.intoArray(c, c2 + 3 * LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s32.intoArray(c, c3 + 2 * LANES);
        s33.intoArray(c, c3 + 3 * LANES);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + LANES);
        s42.intoArray(c, c4 + 2 * LANES);
        s43.intoArray(c, c4 + 3 * LANES);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + LANES);
        s52.intoArray(c, c5 + 2 * LANES);
        s53.intoArray(c, c5 + 3 * LANES);
    }
}
