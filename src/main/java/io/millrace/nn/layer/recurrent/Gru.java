package io.millrace.nn.layer.recurrent;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.LayerForm;

/**
 * The gated recurrent unit (Cho et al., 2014), in the form of PyTorch and cuDNN: the reset gate {@code r} multiplies the product of the state with its
 * weights and not the state, so that one product is enough for all gates; this product has a bias of its own. With {@code a = x W + b + h' U} for the gates r and
 * z, {@code a_n = x W_n + b_n}, {@code q = h' U_n + b_q}, and the logistic function {@code s}:
 *
 * <pre>{@code
 * n = tanh(a_n + s(a_r) q)
 * h = (1 - s(a_z)) n + s(a_z) h'
 * }</pre>
 */
public record Gru() implements Cell {
    /** How a layer of these cells is written. */
    public static final LayerForm FORM = Recurrent.form("gru", "gru(32)", arguments -> new Gru());

    private static final int R = 0;
    private static final int Z = 1;
    private static final int N = 2;
    private static final int Q = 3;
    private static final int H = 4;
    private static final int B = 5; // h of the step before
    private static final int A = 6; // h for the next step

    @Override
    public String name() {
        return "gru";
    }

    @Override
    public int gates() {
        return 3;
    }

    @Override
    public int sums() {
        return 4;
    }

    @Override
    public int sumOfState(int gate) {
        return gate == N ? Q : gate;
    }

    @Override
    public boolean carries() {
        return true;
    }

    @Override
    public void forward(Kernels kernels, float[][] v, int at, int to) {
        kernels.sigmoid(v[R], at, to);
        kernels.sigmoid(v[Z], at, to);
        reset(v[R], v[Q], v[N], at, to);
        kernels.tanh(v[N], at, to);
        update(v[Z], v[N], v[B], v[H], at, to);
        System.arraycopy(v[H], at, v[A], at, to - at);
    }

    private static void reset(float[] r, float[] q, float[] n, int at, int to) {
        for (int j = at; j < to; j++) {
            n[j] += r[j] * q[j];
        }
    }

    private static void update(float[] z, float[] n, float[] b, float[] h, int at, int to) {
        for (int j = at; j < to; j++) {
            h[j] = n[j] + z[j] * (b[j] - n[j]);
        }
    }

    @Override
    public void backward(float[][] v, float[][] d, int at, int to) {
        update(d[A], d[H], v[Z], v[N], v[B], d[Z], d[B], at, to);
        candidate(d[H], v[Z], v[N], d[N], at, to);
        reset(d[N], v[R], v[Q], d[Q], d[R], at, to);
    }

    private static void update(
            float[] da, float[] dh, float[] z, float[] n, float[] b, float[] daz, float[] db, int at, int to) {
        for (int j = at; j < to; j++) {
            dh[j] += da[j];
            daz[j] = dh[j] * (b[j] - n[j]) * (z[j] * (1f - z[j]));
            db[j] = dh[j] * z[j];
        }
    }

    private static void candidate(float[] dh, float[] z, float[] n, float[] dan, int at, int to) {
        for (int j = at; j < to; j++) {
            dan[j] = dh[j] * (1f - z[j]) * (1f - n[j] * n[j]);
        }
    }

    private static void reset(float[] dan, float[] r, float[] q, float[] dq, float[] dar, int at, int to) {
        for (int j = at; j < to; j++) {
            dq[j] = dan[j] * r[j];
            dar[j] = dan[j] * q[j] * (r[j] * (1f - r[j]));
        }
    }

    @Override
    public void forwardTangent(float[][] v, float[][] t, int at, int to) {
        for (int j = at; j < to; j++) {
            float r = v[R][j];
            float z = v[Z][j];
            float n = v[N][j];
            t[R][j] *= r * (1f - r);
            t[Z][j] *= z * (1f - z);
            t[N][j] = (t[N][j] + t[R][j] * v[Q][j] + r * t[Q][j]) * (1f - n * n);
            t[H][j] = t[N][j] + t[Z][j] * (v[B][j] - n) + z * (t[B][j] - t[N][j]);
            t[A][j] = t[H][j];
        }
    }

    /** The product rule in each term of {@link #backward}, with {@code R(s (1 - s)) = (1 - 2 s) R(s)} of a gate and {@code R(1 - n^2) = -2 n R(n)}. */
    @Override
    public void backwardTangent(float[][] v, float[][] d, float[][] t, float[][] td, int at, int to) {
        for (int j = at; j < to; j++) {
            float r = v[R][j];
            float z = v[Z][j];
            float n = v[N][j];
            float q = v[Q][j];
            float span = v[B][j] - n;
            float dh = d[H][j];
            float dan = d[N][j];
            float tdh = td[H][j] + td[A][j];
            td[H][j] = tdh;
            td[Z][j] = (tdh * span + dh * (t[B][j] - t[N][j])) * (z * (1f - z)) + dh * span * (1f - 2f * z) * t[Z][j];
            td[B][j] = tdh * z + dh * t[Z][j];
            float tdan = (tdh * (1f - z) - dh * t[Z][j]) * (1f - n * n) - 2f * dh * (1f - z) * n * t[N][j];
            td[N][j] = tdan;
            td[Q][j] = tdan * r + dan * t[R][j];
            td[R][j] = (tdan * q + dan * t[Q][j]) * (r * (1f - r)) + dan * q * (1f - 2f * r) * t[R][j];
        }
    }
}
