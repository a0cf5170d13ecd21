package io.millrace.nn.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The register tiles of {@link VectorKernels#gemm}: {@code rows x vectors} accumulators stay in registers while {@code k} runs,
 * lanes along the output index. An accumulator that goes back to memory between two blocks of {@code k} is an exact float, so
 * blocks change no bit.
 *
 * <p>Loads and broadcasts are written out: the Vector API forces their inlining, but not that of a method around them, and a
 * vector that crosses a call which is not inlined is boxed on the heap.
 */
final class VectorGemm {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() > 16
            ? FloatVector.SPECIES_512 // rows are padded to 16 floats
            : FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    /** Columns of a wide tile. */
    static final int WIDE = 4 * LANES;

    private VectorGemm() {}

    /** 4 rows x 4 vectors; rows of B are {@code bStride} apart. */
    static void fourByFour(
            int k,
            float[] a,
            int a0,
            int aRow,
            int aColumn,
            float[] b,
            int b0,
            int bStride,
            float[] c,
            int c0,
            int cStride) {
        int c1 = c0 + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
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
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, bp + LANES);
            FloatVector y2 = FloatVector.fromArray(SPECIES, b, bp + 2 * LANES);
            FloatVector y3 = FloatVector.fromArray(SPECIES, b, bp + 3 * LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[ap]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            s02 = x.fma(y2, s02);
            s03 = x.fma(y3, s03);
            x = FloatVector.broadcast(SPECIES, a[ap + aRow]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            s12 = x.fma(y2, s12);
            s13 = x.fma(y3, s13);
            x = FloatVector.broadcast(SPECIES, a[ap + 2 * aRow]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            s22 = x.fma(y2, s22);
            s23 = x.fma(y3, s23);
            x = FloatVector.broadcast(SPECIES, a[ap + 3 * aRow]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
            s32 = x.fma(y2, s32);
            s33 = x.fma(y3, s33);
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
    }

    /** 1 row x 8 vectors: eight chains hide the latency of a fused multiply-add where there is no second row. */
    static void oneByEight(int k, float[] a, int a0, int aColumn, float[] b, int b0, int bStride, float[] c, int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * LANES);
        FloatVector s4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * LANES);
        FloatVector s5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * LANES);
        FloatVector s6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * LANES);
        FloatVector s7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * LANES);
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[ap]);
            s0 = x.fma(FloatVector.fromArray(SPECIES, b, bp), s0);
            s1 = x.fma(FloatVector.fromArray(SPECIES, b, bp + LANES), s1);
            s2 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 2 * LANES), s2);
            s3 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 3 * LANES), s3);
            s4 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 4 * LANES), s4);
            s5 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 5 * LANES), s5);
            s6 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 6 * LANES), s6);
            s7 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 7 * LANES), s7);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + LANES);
        s2.intoArray(c, c0 + 2 * LANES);
        s3.intoArray(c, c0 + 3 * LANES);
        s4.intoArray(c, c0 + 4 * LANES);
        s5.intoArray(c, c0 + 5 * LANES);
        s6.intoArray(c, c0 + 6 * LANES);
        s7.intoArray(c, c0 + 7 * LANES);
    }

    /** 1 row x 4 vectors. */
    static void oneByFour(int k, float[] a, int a0, int aColumn, float[] b, int b0, int bStride, float[] c, int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * LANES);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * LANES);
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[ap]);
            s0 = x.fma(FloatVector.fromArray(SPECIES, b, bp), s0);
            s1 = x.fma(FloatVector.fromArray(SPECIES, b, bp + LANES), s1);
            s2 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 2 * LANES), s2);
            s3 = x.fma(FloatVector.fromArray(SPECIES, b, bp + 3 * LANES), s3);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + LANES);
        s2.intoArray(c, c0 + 2 * LANES);
        s3.intoArray(c, c0 + 3 * LANES);
    }

    /** 1 row x 2 vectors. */
    static void oneByTwo(int k, float[] a, int a0, int aColumn, float[] b, int b0, int bStride, float[] c, int c0) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[ap]);
            s0 = x.fma(FloatVector.fromArray(SPECIES, b, bp), s0);
            s1 = x.fma(FloatVector.fromArray(SPECIES, b, bp + LANES), s1);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + LANES);
    }

    /** 4 rows x 2 vectors. */
    static void fourByTwo(
            int k,
            float[] a,
            int a0,
            int aRow,
            int aColumn,
            float[] b,
            int b0,
            int bStride,
            float[] c,
            int c0,
            int cStride) {
        int c1 = c0 + cStride;
        int c2 = c1 + cStride;
        int c3 = c2 + cStride;
        FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
        FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
        FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
        FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
        FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
        FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
        FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, b, bp);
            FloatVector y1 = FloatVector.fromArray(SPECIES, b, bp + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[ap]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            x = FloatVector.broadcast(SPECIES, a[ap + aRow]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            x = FloatVector.broadcast(SPECIES, a[ap + 2 * aRow]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            x = FloatVector.broadcast(SPECIES, a[ap + 3 * aRow]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
    }

    /** 8 rows x 1 vector: for the columns that fill no wide tile. */
    static void eightByOne(
            int k,
            float[] a,
            int a0,
            int aRow,
            int aColumn,
            float[] b,
            int b0,
            int bStride,
            float[] c,
            int c0,
            int cStride) {
        FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0);
        FloatVector s1 = FloatVector.fromArray(SPECIES, c, c0 + cStride);
        FloatVector s2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cStride);
        FloatVector s3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cStride);
        FloatVector s4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cStride);
        FloatVector s5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * cStride);
        FloatVector s6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * cStride);
        FloatVector s7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * cStride);
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            FloatVector y = FloatVector.fromArray(SPECIES, b, bp);
            s0 = FloatVector.broadcast(SPECIES, a[ap]).fma(y, s0);
            s1 = FloatVector.broadcast(SPECIES, a[ap + aRow]).fma(y, s1);
            s2 = FloatVector.broadcast(SPECIES, a[ap + 2 * aRow]).fma(y, s2);
            s3 = FloatVector.broadcast(SPECIES, a[ap + 3 * aRow]).fma(y, s3);
            s4 = FloatVector.broadcast(SPECIES, a[ap + 4 * aRow]).fma(y, s4);
            s5 = FloatVector.broadcast(SPECIES, a[ap + 5 * aRow]).fma(y, s5);
            s6 = FloatVector.broadcast(SPECIES, a[ap + 6 * aRow]).fma(y, s6);
            s7 = FloatVector.broadcast(SPECIES, a[ap + 7 * aRow]).fma(y, s7);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + cStride);
        s2.intoArray(c, c0 + 2 * cStride);
        s3.intoArray(c, c0 + 3 * cStride);
        s4.intoArray(c, c0 + 4 * cStride);
        s5.intoArray(c, c0 + 5 * cStride);
        s6.intoArray(c, c0 + 6 * cStride);
        s7.intoArray(c, c0 + 7 * cStride);
    }

    /** 1 row x 1 vector. */
    static void oneByOne(int k, float[] a, int a0, int aColumn, float[] b, int b0, int bStride, float[] c, int c0) {
        FloatVector s = FloatVector.fromArray(SPECIES, c, c0);
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            s = FloatVector.broadcast(SPECIES, a[ap]).fma(FloatVector.fromArray(SPECIES, b, bp), s);
        }
        s.intoArray(c, c0);
    }

    /** 1 row x 1 float: for the columns that fill no vector. */
    static void scalar(int k, float[] a, int a0, int aColumn, float[] b, int b0, int bStride, float[] c, int c0) {
        float s = c[c0];
        for (int q = 0, ap = a0, bp = b0; q < k; q++, ap += aColumn, bp += bStride) {
            s = Math.fma(a[ap], b[bp], s);
        }
        c[c0] = s;
    }
}
