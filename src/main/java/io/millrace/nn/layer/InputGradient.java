package io.millrace.nn.layer;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.Transposition;
import java.util.Arrays;

/**
 * The gradient of a layer's inputs, {@code dX = dZ W^T}. Each element is a chain of fused multiply-adds {@code dZ[i][j] * W[k][j]} over the
 * layer's units {@code j}, started from zero.
 *
 * <p>The sum runs along the rows of {@code W}. There, vectors would have to be added across their lanes, in an order that depends on their
 * width. So the cheaper factor is transposed, and {@link Kernels#gemm} has its lanes along the inputs or along the batch. All three ways give
 * the same bits.
 */
final class InputGradient {
    /** Below this many rows a transposition costs more than it saves. */
    private static final int MIN_GEMM_ROWS = 8;

    private InputGradient() {}

    /** Reserves the scratch, the slots 0 and 1 of the pass, for up to {@code maxRows} rows. */
    static void reserve(Pass pass, int in, int out, int maxRows) {
        if (maxRows < MIN_GEMM_ROWS) {
            return;
        }
        int rows = Layout.pad(maxRows);
        pass.reserve(0, Math.multiplyExact(out, rows));
        pass.reserve(1, Math.multiplyExact(in, rows));
        if (transposesWeights(in, out, maxRows)) {
            pass.reserve(0, Math.multiplyExact(out, Layout.pad(in)));
        }
    }

    /** Which of the transpositions moves fewer floats: of W, or of dZ and of the result. */
    private static boolean transposesWeights(int in, int out, int rows) {
        return (long) in * out <= (long) rows * (in + out);
    }

    /**
     * Computes {@code dX}.
     *
     * @param w with {@code W} {@code [in x outStride]} from {@code wOffset}
     * @param dz {@code [rows x outStride]}
     * @param dx {@code [rows x inStride]}, overwritten; its padding is zero and stays zero
     */
    static void compute(Pass pass, float[] w, int wOffset, Rows dz, Rows dx) {
        int rows = pass.rows();
        if (rows < MIN_GEMM_ROWS) {
            dx.clear(rows);
            for (int i = 0; i < rows; i++) {
                Dots.add(
                        w,
                        wOffset,
                        dx.width(),
                        dz.width(),
                        dz.stride(),
                        dz.floats(),
                        i * dz.stride(),
                        dx.floats(),
                        i * dx.stride());
            }
        } else if (transposesWeights(dx.width(), dz.width(), rows)) {
            byTransposedWeights(pass, w, wOffset, dz, dx);
        } else {
            byTransposedGradient(pass, w, wOffset, dz, dx);
        }
    }

    private static void byTransposedWeights(Pass pass, float[] w, int wOffset, Rows dz, Rows dx) {
        int in = dx.width();
        int inStride = dx.stride();
        int out = dz.width();
        int rows = pass.rows();
        float[] transposed = pass.scratch(0); // [out x inStride]
        Transposition.transpose(w, wOffset, dz.stride(), in, out, transposed, inStride);
        for (int j = 0; j < out && in < inStride; j++) {
            Arrays.fill(transposed, j * inStride + in, (j + 1) * inStride, 0f); // other layers have used the scratch
        }
        dx.clear(rows);
        pass.kernels()
                .gemm(
                        rows,
                        inStride,
                        out,
                        dz.floats(),
                        0,
                        dz.stride(),
                        1,
                        transposed,
                        0,
                        inStride,
                        dx.floats(),
                        0,
                        inStride);
    }

    private static void byTransposedGradient(Pass pass, float[] w, int wOffset, Rows dz, Rows dx) {
        int in = dx.width();
        int out = dz.width();
        int rows = pass.rows();
        int columns = Layout.pad(rows); // lanes past the last row compute on leftovers that nobody reads
        float[] transposed = pass.scratch(0); // [out x columns]
        float[] result = pass.scratch(1); // [in x columns]
        Transposition.transpose(dz.floats(), 0, dz.stride(), rows, out, transposed, columns);
        Arrays.fill(result, 0, in * columns, 0f);
        pass.kernels().gemm(in, columns, out, w, wOffset, dz.stride(), 1, transposed, 0, columns, result, 0, columns);
        Transposition.transpose(result, 0, columns, in, rows, dx.floats(), dx.stride());
    }
}
