package io.millrace.nn.layer.recurrent;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.LayerForm;

/**
 * The simple recurrent unit (Elman, 1990): {@code h = tanh(x W + b + h' U)}, or with the rectifier.
 *
 * @param rectified whether it has the rectifier instead of tanh
 */
public record Elman(boolean rectified) implements Cell {
    /** How a layer of these cells is written. */
    public static final LayerForm FORM =
            Recurrent.form("rnn", "rnn(32), rnn(32, relu)", arguments -> new Elman(arguments.flag("relu")));

    private static final int A = 0; // the sum
    private static final int H = 1;

    @Override
    public String name() {
        return "rnn";
    }

    @Override
    public String option() {
        return rectified ? ", relu" : "";
    }

    @Override
    public int gates() {
        return 1;
    }

    @Override
    public boolean carries() {
        return false;
    }

    @Override
    public void forward(Kernels kernels, float[][] v, int at, int to) {
        if (rectified) {
            rectify(v[A], v[H], at, to);
        } else {
            System.arraycopy(v[A], at, v[H], at, to - at);
            kernels.tanh(v[H], at, to);
        }
    }

    private static void rectify(float[] a, float[] h, int at, int to) {
        for (int j = at; j < to; j++) {
            h[j] = Math.max(a[j], 0f);
        }
    }

    @Override
    public void backward(float[][] v, float[][] d, int at, int to) {
        slope(v[H], d[H], d[A], at, to);
    }

    /** {@code y = act'(a) x}. */
    private void slope(float[] h, float[] x, float[] y, int at, int to) {
        if (rectified) {
            for (int j = at; j < to; j++) {
                y[j] = h[j] > 0f ? x[j] : 0f;
            }
        } else {
            for (int j = at; j < to; j++) {
                y[j] = x[j] * (1f - h[j] * h[j]);
            }
        }
    }

    @Override
    public void forwardTangent(float[][] v, float[][] r, int at, int to) {
        slope(v[H], r[A], r[H], at, to);
    }

    /** {@code R(da) = act'(a) R(dh) + dh act''(a) R(a)}, where {@code act''(a) R(a) = -2 h R(h)} with tanh, and 0 with the rectifier. */
    @Override
    public void backwardTangent(float[][] v, float[][] d, float[][] r, float[][] rd, int at, int to) {
        slope(v[H], rd[H], rd[A], at, to);
        for (int j = at; j < to && !rectified; j++) {
            rd[A][j] -= 2f * d[H][j] * v[H][j] * r[H][j];
        }
    }
}
