package io.millrace.nn.layer.recurrent;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.layer.LayerForm;

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997) with a forget gate (Gers, Schmidhuber and Cummins, 2000), whose bias starts at 1
 * (Jozefowicz, Zaremba and Sutskever, 2015), and without peepholes. With the sums {@code a = x W + b + h' U} of the gates i, f, g and o and the
 * logistic function {@code s}:
 *
 * <pre>{@code
 * c = s(a_f) c' + s(a_i) tanh(a_g)
 * h = s(a_o) tanh(c)
 * }</pre>
 */
public record Lstm() implements Cell {
    /** How a layer of these cells is written. */
    public static final LayerForm FORM =
            Recurrent.form("lstm", "lstm(32), lstm(32, states=all), lstm(32, truncate=16)", arguments -> new Lstm());

    private static final int I = 0;
    private static final int F = 1;
    private static final int G = 2;
    private static final int O = 3;
    private static final int H = 4;
    private static final int B = 5; // c of the step before
    private static final int C = 6;
    private static final int T = 7; // tanh(c)

    @Override
    public String name() {
        return "lstm";
    }

    @Override
    public int gates() {
        return 4;
    }

    @Override
    public float bias(int sum) {
        return sum == F ? 1 : 0;
    }

    @Override
    public boolean carries() {
        return true;
    }

    @Override
    public int kept() {
        return 1;
    }

    @Override
    public void forward(Kernels kernels, float[][] v, int at, int to) {
        kernels.sigmoid(v[I], at, to);
        kernels.sigmoid(v[F], at, to);
        kernels.tanh(v[G], at, to);
        kernels.sigmoid(v[O], at, to);
        remember(v[I], v[F], v[G], v[B], v[C], at, to);
        System.arraycopy(v[C], at, v[T], at, to - at);
        kernels.tanh(v[T], at, to);
        emit(v[O], v[T], v[H], at, to);
    }

    private static void remember(float[] i, float[] f, float[] g, float[] b, float[] c, int at, int to) {
        for (int j = at; j < to; j++) {
            c[j] = f[j] * b[j] + i[j] * g[j];
        }
    }

    private static void emit(float[] o, float[] t, float[] h, int at, int to) {
        for (int j = at; j < to; j++) {
            h[j] = o[j] * t[j];
        }
    }

    /** In three loops, since C2 would not vectorise one with all these arrays. */
    @Override
    public void backward(float[][] v, float[][] d, int at, int to) {
        output(d[H], v[O], v[T], d[C], d[O], at, to);
        input(d[C], v[I], v[G], d[I], d[G], at, to);
        forget(d[C], v[F], v[B], d[F], d[B], at, to);
    }

    private static void output(float[] dh, float[] o, float[] t, float[] dc, float[] dao, int at, int to) {
        for (int j = at; j < to; j++) {
            dc[j] += dh[j] * o[j] * (1f - t[j] * t[j]);
            dao[j] = dh[j] * t[j] * (o[j] * (1f - o[j]));
        }
    }

    private static void input(float[] dc, float[] i, float[] g, float[] dai, float[] dag, int at, int to) {
        for (int j = at; j < to; j++) {
            dai[j] = dc[j] * g[j] * (i[j] * (1f - i[j]));
            dag[j] = dc[j] * i[j] * (1f - g[j] * g[j]);
        }
    }

    private static void forget(float[] dc, float[] f, float[] b, float[] daf, float[] db, int at, int to) {
        for (int j = at; j < to; j++) {
            daf[j] = dc[j] * b[j] * (f[j] * (1f - f[j]));
            db[j] = dc[j] * f[j];
        }
    }

    @Override
    public void forwardTangent(float[][] v, float[][] r, int at, int to) {
        for (int j = at; j < to; j++) {
            float i = v[I][j];
            float f = v[F][j];
            float g = v[G][j];
            float o = v[O][j];
            float t = v[T][j];
            r[I][j] *= i * (1f - i);
            r[F][j] *= f * (1f - f);
            r[G][j] *= 1f - g * g;
            r[O][j] *= o * (1f - o);
            r[C][j] = r[F][j] * v[B][j] + f * r[B][j] + r[I][j] * g + i * r[G][j];
            r[T][j] = r[C][j] * (1f - t * t);
            r[H][j] = r[O][j] * t + o * r[T][j];
        }
    }

    /** The product rule in each term of {@link #backward}, with {@code R(s (1 - s)) = (1 - 2 s) R(s)} of a gate and {@code R(1 - t^2) = -2 t R(t)}. */
    @Override
    public void backwardTangent(float[][] v, float[][] d, float[][] r, float[][] rd, int at, int to) {
        for (int j = at; j < to; j++) {
            float i = v[I][j];
            float f = v[F][j];
            float g = v[G][j];
            float o = v[O][j];
            float t = v[T][j];
            float b = v[B][j];
            float dh = d[H][j];
            float dc = d[C][j];
            float rdh = rd[H][j];
            float rdc = rd[C][j] + (rdh * o + dh * r[O][j]) * (1f - t * t) - 2f * dh * o * t * r[T][j];
            rd[C][j] = rdc;
            rd[O][j] = (rdh * t + dh * r[T][j]) * (o * (1f - o)) + dh * t * (1f - 2f * o) * r[O][j];
            rd[I][j] = (rdc * g + dc * r[G][j]) * (i * (1f - i)) + dc * g * (1f - 2f * i) * r[I][j];
            rd[G][j] = (rdc * i + dc * r[I][j]) * (1f - g * g) - 2f * dc * i * g * r[G][j];
            rd[F][j] = (rdc * b + dc * r[B][j]) * (f * (1f - f)) + dc * b * (1f - 2f * f) * r[F][j];
            rd[B][j] = rdc * f + dc * r[F][j];
        }
    }
}
