package io.millrace.nn.layer.recurrent;

import io.millrace.nn.layer.Rows;

/** Copies sequences, of which each is a row, to arrays in which the rows of a step are side by side, and back. */
final class Steps {
    private Steps() {}

    /**
     * {@code to[t][i] = x[i][t]}.
     *
     * @param width numbers of a step
     * @param to {@code [steps x rows x stride]} from {@code at}; what lies behind {@code width} numbers is left as it is
     */
    static void gather(Rows x, int rows, int steps, int width, float[] to, int at, int stride) {
        for (int i = 0; i < rows; i++) {
            for (int t = 0; t < steps; t++) {
                System.arraycopy(x.floats(), i * x.stride() + t * width, to, at + (t * rows + i) * stride, width);
            }
        }
    }

    /** {@code y[i][t] = from[t][i]}, with {@code from} as {@link #gather} has it. */
    static void scatter(float[] from, int at, int stride, int rows, int steps, int width, Rows y) {
        for (int i = 0; i < rows; i++) {
            for (int t = 0; t < steps; t++) {
                System.arraycopy(from, at + (t * rows + i) * stride, y.floats(), i * y.stride() + t * width, width);
            }
        }
    }
}
