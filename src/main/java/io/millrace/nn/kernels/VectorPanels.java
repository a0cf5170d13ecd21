package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.VectorGemm.LANES;
import static io.millrace.nn.kernels.VectorGemm.WIDE;

/**
 * The part of {@link VectorKernels#gemm} that fills wide tiles. It copies blocks of {@code k}, and of a transposed A, to memory that stays in
 * a cache while a panel of columns is processed.
 */
final class VectorPanels {
    /** Rows of B in a packed block: 128 rows of a wide tile stay in the first-level cache. */
    private static final int DEPTH = 128;
    /** From this many rows of A on, copying a block of B to consecutive memory pays. */
    private static final int MIN_ROWS_TO_PACK = 16;
    /** Rows of a transposed A in a copied block, which stays in the second-level cache. A multiple of 6. */
    private static final int ROWS = 264;
    /** Whether there are enough registers for 29 vectors: AVX-512 has 32, AVX2 has 16. */
    private static final boolean TALL_TILES = LANES == 16;

    /** From this many rows of a transposed A, or terms of a sum, tall tiles pay: measured, below it they lose a tenth. */
    private static final int MIN_TALL = 256;

    private final float[] packed = new float[DEPTH * WIDE];
    private final float[] columns = new float[TALL_TILES ? DEPTH * SixByFour.COLUMN_STRIDE : 0];

    /** {@link Kernels#gemm} with an {@code n} that is a multiple of {@link VectorGemm#WIDE}, and at least four rows. */
    void multiply(
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aRow,
            int aColumn,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride) {
        boolean copyA = TALL_TILES && aRow == 1 && aColumn != 1 && m >= MIN_TALL;
        boolean tall = copyA || TALL_TILES && aColumn == 1 && k >= MIN_TALL;
        int rows = copyA ? ROWS : m;
        for (int i = 0; i < m; i += rows) {
            int height = Math.min(rows, m - i);
            for (int q = 0; q < k; q += DEPTH) {
                int depth = Math.min(DEPTH, k - q);
                int ap = aOffset + i * aRow + q * aColumn;
                int bp = bOffset + q * bStride;
                int cp = cOffset + i * cStride;
                if (copyA) {
                    for (int p = 0; p < depth; p++) {
                        System.arraycopy(a, ap + p * aColumn, columns, p * SixByFour.COLUMN_STRIDE, height);
                    }
                    block(
                            tall,
                            height,
                            n,
                            depth,
                            columns,
                            0,
                            1,
                            SixByFour.COLUMN_STRIDE,
                            b,
                            bp,
                            bStride,
                            c,
                            cp,
                            cStride);
                } else {
                    block(tall, height, n, depth, a, ap, aRow, aColumn, b, bp, bStride, c, cp, cStride);
                }
            }
        }
    }

    private void block(
            boolean tall,
            int m,
            int n,
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
        for (int j = 0; j < n; j += WIDE) {
            if (m >= MIN_ROWS_TO_PACK) {
                for (int p = 0; p < k; p++) {
                    System.arraycopy(b, b0 + p * bStride + j, packed, p * WIDE, WIDE);
                }
                packedColumns(tall, m, k, a, a0, aRow, aColumn, c, c0 + j, cStride);
            } else {
                shortColumns(0, m, k, a, a0, aRow, aColumn, b, b0 + j, bStride, c, c0 + j, cStride);
            }
        }
    }

    private void packedColumns(
            boolean tall, int m, int k, float[] a, int a0, int aRow, int aColumn, float[] c, int c0, int cStride) {
        int i = 0;
        if (tall && aColumn == 1) {
            for (; sixFit(m - i); i += 6) {
                SixByFour.rows(k, a, a0 + i * aRow, aRow, packed, c, c0 + i * cStride, cStride);
            }
        } else if (tall) { // A is copied
            for (; sixFit(m - i); i += 6) {
                SixByFour.columns(k, a, a0 + i, packed, c, c0 + i * cStride, cStride);
            }
        }
        shortColumns(i, m, k, a, a0, aRow, aColumn, packed, 0, WIDE, c, c0, cStride);
    }

    /** Whether to use a tile of six for this number of rows; for eight rows, two tiles of four are better. */
    private static boolean sixFit(int rows) {
        return rows >= 6 && rows != 8;
    }

    private static void shortColumns(
            int from,
            int m,
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
        int i = from;
        for (; i + 4 <= m; i += 4) {
            VectorGemm.fourByFour(k, a, a0 + i * aRow, aRow, aColumn, b, b0, bStride, c, c0 + i * cStride, cStride);
        }
        for (; i < m; i++) {
            VectorGemm.oneByFour(k, a, a0 + i * aRow, aColumn, b, b0, bStride, c, c0 + i * cStride);
        }
    }
}
