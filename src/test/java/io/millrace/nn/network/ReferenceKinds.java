package io.millrace.nn.network;

import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Size;
import io.millrace.nn.layer.image.Convolution;
import io.millrace.nn.layer.image.Padding;
import io.millrace.nn.layer.image.Pooling;
import io.millrace.nn.layer.recurrent.Recurrent;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** What kinds of layers compute from a row, in double precision and element by element. */
final class ReferenceKinds {
    private ReferenceKinds() {}

    /** Number of weights, which biases follow. */
    static int weights(LayerKind kind, int inputs) {
        int biases = kind instanceof Recurrent recurrent ? recurrent.cell().sums() * recurrent.size() : shifts(kind);
        return (int) kind.parameters(inputs) - biases;
    }

    /** Number of biases that are added to the output, and for which batch normalisation has others. */
    static int shifts(LayerKind kind) {
        return kind.parameters(1) == 0 || kind instanceof Recurrent ? 0 : channels(kind);
    }

    /** Units that have one bias, and one scale in batch normalisation, together. */
    static int channels(LayerKind kind) {
        return kind.output().channels();
    }

    /** The output without the {@link #shifts}. */
    static double[] apply(LayerKind kind, double[] x, double[] parameters, int from) {
        if (kind instanceof Convolution convolution) {
            return convolve(convolution, x, parameters, from);
        }
        if (kind instanceof Pooling pooling) {
            return pool(pooling, x);
        }
        if (kind instanceof Recurrent recurrent) {
            return new ReferenceRecurrence(recurrent, parameters, from).apply(x);
        }
        if (kind instanceof LayerNorm norm) {
            return normalize(norm, x, parameters, from);
        }
        double[] z = new double[kind.units()];
        for (int k = 0; k < x.length; k++) {
            for (int j = 0; j < z.length; j++) {
                z[j] += x[k] * parameters[from + k * z.length + j];
            }
        }
        return z;
    }

    private static int before(Padding padding, int length, int places, int window, int stride) {
        return switch (padding) {
            case VALID -> 0;
            case SAME -> Math.max((places - 1) * stride + window - length, 0) / 2;
            case CAUSAL -> window - 1;
        };
    }

    private static double[] convolve(Convolution c, double[] x, double[] parameters, int from) {
        Shape in = c.in();
        Shape out = c.output();
        int rows = (c.kernel().height() - 1) * c.dilation() + 1;
        int top =
                before(c.padding(), in.height(), out.height(), rows, c.stride().height());
        int left = c.padding() == Padding.SAME
                ? before(
                        Padding.SAME,
                        in.width(),
                        out.width(),
                        c.kernel().width(),
                        c.stride().width())
                : 0;
        double[] z = new double[out.size()];
        for (int oy = 0; oy < out.height(); oy++) {
            for (int ox = 0; ox < out.width(); ox++) {
                for (int f = 0; f < out.channels(); f++) {
                    double sum = 0;
                    for (int ky = 0; ky < c.kernel().height(); ky++) {
                        for (int kx = 0; kx < c.kernel().width(); kx++) {
                            int iy = oy * c.stride().height() - top + ky * c.dilation();
                            int ix = ox * c.stride().width() - left + kx;
                            for (int k = 0; k < in.channels(); k++) {
                                boolean inside = iy >= 0 && iy < in.height() && ix >= 0 && ix < in.width();
                                int element = (ky * c.kernel().width() + kx) * in.channels() + k;
                                double weight = parameters[from + element * out.channels() + f];
                                sum += inside ? x[(iy * in.width() + ix) * in.channels() + k] * weight : 0;
                            }
                        }
                    }
                    z[(oy * out.width() + ox) * out.channels() + f] = sum;
                }
            }
        }
        return z;
    }

    private static double[] normalize(LayerNorm norm, double[] x, double[] parameters, int from) {
        Shape in = norm.in();
        double[] z = new double[x.length];
        for (int position = 0; position < in.positions(); position++) {
            int at = position * in.channels();
            double[] own = Arrays.copyOfRange(x, at, at + in.channels());
            double mean = DoubleStream.of(own).average().orElseThrow();
            double variance = DoubleStream.of(own)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElseThrow();
            for (int j = 0; j < own.length; j++) {
                z[at + j] = parameters[from + j] * (own[j] - mean) / Math.sqrt(variance + norm.delta());
            }
        }
        return z;
    }

    private static double[] pool(Pooling pooling, double[] x) {
        Shape in = pooling.in();
        Shape out = pooling.output();
        Size window = pooling.window();
        Size stride = pooling.stride();
        double[] z = new double[out.size()];
        for (int o = 0; o < z.length; o++) {
            int oy = o / out.channels() / out.width();
            int ox = o / out.channels() % out.width();
            double most = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int ky = 0; ky < window.height(); ky++) {
                for (int kx = 0; kx < window.width(); kx++) {
                    int place = (oy * stride.height() + ky) * in.width() + ox * stride.width() + kx;
                    double value = x[place * in.channels() + o % out.channels()];
                    most = Math.max(most, value);
                    sum += value;
                }
            }
            z[o] = pooling.mean() ? sum / (window.height() * window.width()) : most;
        }
        return z;
    }
}
