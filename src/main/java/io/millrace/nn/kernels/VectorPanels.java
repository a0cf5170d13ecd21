package io.millrace.nn.kernels;

import static io.millrace.nn.kernels.EightByTwo.A_STRIDE;
import static io.millrace.nn.kernels.EightByTwo.B_STRIDE;
import static io.millrace.nn.kernels.VectorGemm.LANES;
import static io.millrace.nn.kernels.VectorGemm.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The part of {@link VectorKernels#gemm} for many rows and columns. It copies a block of B, which stays in the second-level cache, and of each 16
 * rows of A a panel, which stays in the first-level cache while the tiles go along the rows of C.
 */
final class VectorPanels {
    /** From this many rows and columns on, copying pays. */
    private static final int MIN_ROWS = 16;

    private static final int MIN_COLUMNS = 64;
    /** Rows of a block of B. */
    private static final int DEPTH = 128;
    /** Columns of a block of B, which has a quarter of a MiB. */
    private static final int COLUMNS = 512;
    /** Whether there are enough registers for {@link EightByTwo}: AVX2 has 16. */
    private static final boolean TALL_TILES = LANES != 8;

    private final float[] blockOfB = new float[DEPTH * COLUMNS];
    private final float[] panelOfA = new float[DEPTH * A_STRIDE];

    /** How many of {@code n} columns are worth copying; the others are left to the caller. */
    static int columns(int m, int n) {
        return m >= MIN_ROWS && n >= MIN_COLUMNS ? n - n % B_STRIDE : 0;
    }

    /** {@link Kernels#gemm} with an {@code n} that is a multiple of {@link EightByTwo#B_STRIDE}. */
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
        for (int j = 0; j < n; j += COLUMNS) {
            int width = Math.min(COLUMNS, n - j);
            for (int q = 0; q < k; q += DEPTH) {
                int depth = Math.min(DEPTH, k - q);
                packB(width, depth, b, bOffset + q * bStride + j, bStride);
                for (int i = 0; i < m; i += A_STRIDE) {
                    int height = Math.min(A_STRIDE, m - i);
                    packA(height, depth, a, aOffset + i * aRow + q * aColumn, aRow, aColumn);
                    tiles(height, width, depth, c, cOffset + i * cStride + j, cStride);
                }
            }
        }
    }

    /** Panels of {@link EightByTwo#B_STRIDE} columns, one after the other. */
    private void packB(int width, int depth, float[] b, int b0, int bStride) {
        for (int j = 0; j < width; j += B_STRIDE) {
            int to = j * depth;
            int from = b0 + j;
            for (int p = 0; p < depth; p++) {
                FloatVector.fromArray(SPECIES, b, from + p * bStride).intoArray(blockOfB, to + p * B_STRIDE);
                FloatVector.fromArray(SPECIES, b, from + p * bStride + LANES)
                        .intoArray(blockOfB, to + p * B_STRIDE + LANES);
            }
        }
    }

    private void packA(int height, int depth, float[] a, int a0, int aRow, int aColumn) {
        if (aColumn == 1) {
            int i = 0;
            for (; i + 8 <= height; i += 8) {
                packEight(depth, a, a0 + i * aRow, aRow, panelOfA, i);
            }
            for (; i < height; i++) {
                for (int p = 0; p < depth; p++) {
                    panelOfA[p * A_STRIDE + i] = a[a0 + i * aRow + p];
                }
            }
        } else if (aRow == 1 && height == A_STRIDE) {
            for (int p = 0; p < depth; p++) {
                for (int i = 0; i < A_STRIDE; i += LANES) {
                    FloatVector.fromArray(SPECIES, a, a0 + p * aColumn + i).intoArray(panelOfA, p * A_STRIDE + i);
                }
            }
        } else {
            for (int p = 0; p < depth; p++) {
                for (int i = 0; i < height; i++) {
                    panelOfA[p * A_STRIDE + i] = a[a0 + p * aColumn + i * aRow];
                }
            }
        }
    }

    /** Eight rows at once: reads run along rows and each write fills half a cache line. */
    private static void packEight(int depth, float[] a, int r0, int aRow, float[] to, int t) {
        int r1 = r0 + aRow;
        int r2 = r1 + aRow;
        int r3 = r2 + aRow;
        int r4 = r3 + aRow;
        int r5 = r4 + aRow;
        int r6 = r5 + aRow;
        int r7 = r6 + aRow;
        for (int p = 0; p < depth; p++) {
            to[t + p * A_STRIDE] = a[r0 + p];
            to[t + p * A_STRIDE + 1] = a[r1 + p];
            to[t + p * A_STRIDE + 2] = a[r2 + p];
            to[t + p * A_STRIDE + 3] = a[r3 + p];
            to[t + p * A_STRIDE + 4] = a[r4 + p];
            to[t + p * A_STRIDE + 5] = a[r5 + p];
            to[t + p * A_STRIDE + 6] = a[r6 + p];
            to[t + p * A_STRIDE + 7] = a[r7 + p];
        }
    }

    private void tiles(int height, int width, int depth, float[] c, int c0, int cStride) {
        for (int j = 0; j < width; j += B_STRIDE) {
            int i = 0;
            for (; TALL_TILES && i + 8 <= height; i += 8) {
                EightByTwo.compute(depth, panelOfA, i, blockOfB, j * depth, c, c0 + i * cStride + j, cStride);
            }
            for (; i + 4 <= height; i += 4) {
                VectorGemm.fourByTwo(
                        depth,
                        panelOfA,
                        i,
                        1,
                        A_STRIDE,
                        blockOfB,
                        j * depth,
                        B_STRIDE,
                        c,
                        c0 + i * cStride + j,
                        cStride);
            }
            for (; i < height; i++) {
                VectorGemm.oneByTwo(
                        depth, panelOfA, i, A_STRIDE, blockOfB, j * depth, B_STRIDE, c, c0 + i * cStride + j);
            }
        }
    }
}
