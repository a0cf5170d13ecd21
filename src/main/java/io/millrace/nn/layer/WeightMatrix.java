package io.millrace.nn.layer;

import io.millrace.nn.kernels.Transposition;
import java.util.Arrays;

/**
 * The products of fully connected units with their weights {@code W} {@code [in x out]}. A narrow {@code W} is {@link Block#turned}, so that the lanes
 * of its gradient and of its update lie along the inputs. The bits do not depend on it.
 */
final class WeightMatrix {
    /** Below this many rows of a batch, turning W back costs more than it saves. */
    private static final int MIN_GEMM_ROWS = 8;

    private final int in;
    private final int out;
    private final Block block;
    private Rows padded; // [1 x stride of X]: one row, its padding zero

    WeightMatrix(LayerKind.Context context, int units) {
        in = context.inputs();
        out = units;
        block = context.parameters().turnedIfNarrow("weight", in, out);
    }

    /** Index of an element in the parameters. */
    int index(int input, int unit) {
        return block.index(input, unit);
    }

    void prepare(Pass pass, int maxRows) {
        if (block.turned() && maxRows >= MIN_GEMM_ROWS) {
            pass.reserve(0, Math.multiplyExact(in, Layout.pad(out)));
        }
    }

    void prepareTraining(Pass pass, int maxRows, boolean inputGradient) {
        if (block.turned()) {
            padded = new Rows(1, in);
        } else if (inputGradient) {
            InputGradient.reserve(pass, in, out, maxRows);
        }
    }

    /** {@code Y += X W}: {@code [rows x in]}, {@code [in x out]}, {@code [rows x out]}. */
    void multiply(Pass pass, Rows x, float[] w, Rows y) {
        if (!block.turned()) {
            gemm(pass, pass.rows(), in, x, w, block.offset(), y);
        } else if (pass.rows() < MIN_GEMM_ROWS) {
            for (int i = 0; i < pass.rows(); i++) {
                Dots.add(
                        w,
                        block.offset(),
                        out,
                        in,
                        block.stride(),
                        x.floats(),
                        i * x.stride(),
                        y.floats(),
                        i * y.stride());
            }
        } else {
            float[] back = pass.scratch(0); // [in x stride of Y]
            Arrays.fill(back, 0, in * y.stride(), 0f);
            Transposition.transpose(w, block.offset(), block.stride(), out, in, back, y.stride());
            gemm(pass, pass.rows(), in, x, back, 0, y);
        }
    }

    /** {@code C += A B}, with {@code B} {@code [k x stride of C]}. */
    private static void gemm(Pass pass, int m, int k, Rows a, float[] b, int bOffset, Rows c) {
        int n = c.stride();
        pass.kernels().gemm(m, n, k, a.floats(), 0, a.stride(), 1, b, bOffset, n, c.floats(), 0, n);
    }

    /** {@code dX = dY W^T} {@code [rows x in]}; see {@link InputGradient}. */
    void inputGradient(Pass pass, float[] w, Rows dy, Rows dx) {
        if (block.turned()) {
            dx.clear(pass.rows());
            gemm(pass, pass.rows(), out, dy, w, block.offset(), dx);
        } else {
            InputGradient.compute(pass, w, block.offset(), dy, dx);
        }
    }

    /** {@code dW = X^T dY}, or adds to it; or updates W with it at once. */
    void gradient(Pass pass, Rows x, Rows dy) {
        if (pass.rows() > 1 || pass.adding()) {
            if (!pass.adding()) {
                Arrays.fill(pass.gradient(), block.offset(), block.end(), 0f);
            }
            addGradient(pass, x, dy, pass.gradient());
        } else if (block.turned()) {
            pass.outer(out, block.stride(), dy.floats(), padded(x).floats(), block.offset());
        } else {
            pass.outer(in, block.stride(), x.floats(), dy.floats(), block.offset());
        }
    }

    /** One row with padding of zeros, which that of an activation may not have. */
    private Rows padded(Rows x) {
        if (x.stride() == in && block.stride() == in) {
            return x;
        }
        padded.copy(x, 0, 0, in, 1);
        return padded;
    }

    /** {@code S += X^T dY}, with {@code S} in the layout of the parameters. */
    void addGradient(Pass pass, Rows x, Rows dy, float[] sum) {
        Rows a = block.turned() ? dy : x;
        Rows b = block.turned() ? x : dy;
        int m = block.turned() ? out : in;
        int n = block.turned() ? in : dy.stride(); // an activation of padding may not be zero
        pass.kernels()
                .gemm(
                        m,
                        n,
                        pass.rows(),
                        a.floats(),
                        0,
                        1,
                        a.stride(),
                        b.floats(),
                        0,
                        b.stride(),
                        sum,
                        block.offset(),
                        block.stride());
    }
}
