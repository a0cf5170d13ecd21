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
            for (int i = 0; i < rows; i++) {
                dots(
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

    /** One row of dX, eight elements at once: their chains hide each other's latency. */
    private static void dots(
            float[] w, int wOffset, int in, int out, int stride, float[] dz, int dzOffset, float[] dx, int dxOffset) {
        int k = 0;
        for (; k + 8 <= in; k += 8) {
            eightDots(w, wOffset + k * stride, out, stride, dz, dzOffset, dx, dxOffset + k);
        }
        for (; k < in; k++) {
            float s = 0f;
            for (int j = 0; j < out; j++) {
                s = Math.fma(w[wOffset + k * stride + j], dz[dzOffset + j], s);
            }
            dx[dxOffset + k] = s;
        }
    }

    private static void eightDots(
            float[] w, int row0, int out, int stride, float[] dz, int dzOffset, float[] dx, int dxOffset) {
        int row1 = row0 + stride;
        int row2 = row1 + stride;
        int row3 = row2 + stride;
        int row4 = row3 + stride;
        int row5 = row4 + stride;
        int row6 = row5 + stride;
        int row7 = row6 + stride;
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        float s4 = 0f;
        float s5 = 0f;
        float s6 = 0f;
        float s7 = 0f;
        for (int j = 0; j < out; j++) {
            float d = dz[dzOffset + j];
            s0 = Math.fma(w[row0 + j], d, s0);
            s1 = Math.fma(w[row1 + j], d, s1);
            s2 = Math.fma(w[row2 + j], d, s2);
            s3 = Math.fma(w[row3 + j], d, s3);
            s4 = Math.fma(w[row4 + j], d, s4);
            s5 = Math.fma(w[row5 + j], d, s5);
            s6 = Math.fma(w[row6 + j], d, s6);
            s7 = Math.fma(w[row7 + j], d, s7);
        }
        dx[dxOffset] = s0;
        dx[dxOffset + 1] = s1;
        dx[dxOffset + 2] = s2;
        dx[dxOffset + 3] = s3;
        dx[dxOffset + 4] = s4;
        dx[dxOffset + 5] = s5;
        dx[dxOffset + 6] = s6;
        dx[dxOffset + 7] = s7;
    }
}
