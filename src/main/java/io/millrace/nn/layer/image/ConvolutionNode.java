package io.millrace.nn.layer.image;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.kernels.Transposition;
import io.millrace.nn.layer.Block;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import java.util.Arrays;

/**
 * Convolution of an image, or of a sequence, with shared weights (LeCun et al., 1989): {@code Y = P(X) W + b}, where the rows of {@code P(X)}
 * {@code [places x elements]} are what lies under a window at each of its places ({@link Patches}), {@code W} is {@code [elements x filters]} and
 * {@code b} {@code [filters]}. Elements count row by row of a window, the channels fastest.
 *
 * <p>An element of {@code Y} is one chain over the elements of the window that starts at the bias; padding takes part as zeros. An element of the gradient
 * by {@code W} or {@code b} is one chain over the rows of the batch and, in each, over the places; over the uses of shared weights, later ones
 * first. An element of the gradient by {@code X} is the sum over the places, in their order, of chains over the filters that start at zero.
 *
 * <p>Patches are copied for a few rows of places at a time, so that they stay in a cache, and memory does not grow with the image.
 */
final class ConvolutionNode implements Node {
    private static final float[] ONE = {1f};

    /** Floats of the patches that are copied at once, unless one row of places has more. */
    private static final int BLOCK = 1 << 15;

    private final Windows windows;
    private final Patches patches;
    private final int elements;
    private final int filters;
    private final Block weight; // W
    private final Block bias; // b; null where what follows shifts
    private final int stride; // of W
    private final int step; // rows of places whose patches are copied at once

    ConvolutionNode(LayerKind.Context context, Windows windows, int filters) {
        this.windows = windows;
        this.filters = filters;
        patches = new Patches(windows);
        elements = windows.elements();
        weight = context.parameters().matrix("weight", elements, filters);
        bias = context.shifted() ? null : context.parameters().vector("bias", filters);
        stride = Layout.pad(filters);
        step = (int) Math.max(1, Math.min(windows.outHeight(), BLOCK / ((long) windows.outWidth() * elements)));
    }

    @Override
    public int width() {
        return windows.places() * filters;
    }

    /** Weights from the initializer, row by row; a unit has the inputs of a window, and an input the units of as many places. The bias is zero. */
    @Override
    public void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        int fanOut = windows.height() * windows.width() * filters;
        for (int i = 0; i < elements; i++) {
            for (int j = 0; j < filters; j++) {
                parameters[weight.index(i, j)] = initializer.weight(random, elements, fanOut);
            }
        }
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        int places = Math.multiplyExact(step, windows.outWidth());
        pass.reserve(0, Math.multiplyExact(places, elements));
        if (filters < stride) {
            pass.reserve(1, Math.multiplyExact(places, stride));
        }
    }

    @Override
    public void predict(Pass pass, Ports values) {
        start(pass, pass.parameters(), values.y());
        multiply(pass, values.x0(), pass.parameters(), values.y());
    }

    /** {@code Y = b} at each place: where the chains start. */
    private void start(Pass pass, float[] parameters, Rows y) {
        if (bias == null) {
            y.clear(pass.rows());
            return;
        }
        float[] to = y.floats();
        int length = width();
        System.arraycopy(parameters, bias.offset(), to, 0, filters);
        for (int done = filters; done < length; done *= 2) {
            System.arraycopy(to, 0, to, done, Math.min(done, length - done));
        }
        for (int i = 1; i < pass.rows(); i++) {
            System.arraycopy(to, 0, to, i * y.stride(), length);
        }
    }

    /** {@code Y += P(X) W}. */
    private void multiply(Pass pass, Rows x, float[] w, Rows y) {
        float[] p = pass.scratch(0);
        for (int i = 0; i < pass.rows(); i++) {
            for (int from = 0; from < windows.outHeight(); from += step) {
                int to = Math.min(from + step, windows.outHeight());
                int places = (to - from) * windows.outWidth();
                int at = i * y.stride() + from * windows.outWidth() * filters;
                patches.gather(x.floats(), i * x.stride(), from, to, p);
                if (filters == stride) {
                    product(pass, places, p, w, y.floats(), at);
                } else {
                    float[] wide = pass.scratch(1); // [places x stride]
                    copy(places, y.floats(), at, filters, wide, 0, stride);
                    product(pass, places, p, w, wide, 0);
                    copy(places, wide, 0, stride, y.floats(), at, filters);
                }
            }
        }
    }

    private void product(Pass pass, int places, float[] p, float[] w, float[] y, int at) {
        pass.kernels().gemm(places, stride, elements, p, 0, elements, 1, w, weight.offset(), stride, y, at, stride);
    }

    /** Copies the numbers of each place; what a wider place has behind them is left as it is. */
    private void copy(
            int places, float[] from, int fromOffset, int fromStride, float[] to, int toOffset, int toStride) {
        for (int i = 0; i < places; i++) {
            System.arraycopy(from, fromOffset + i * fromStride, to, toOffset + i * toStride, filters);
        }
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports gradients) {
        if (gradients.x0() != null) {
            int places = Math.multiplyExact(step, windows.outWidth());
            pass.reserve(0, Math.multiplyExact(places, Layout.pad(elements)));
            pass.reserve(1, Math.multiplyExact(filters, Layout.pad(elements)));
        }
    }

    /** {@code dP = dY W^T}, whose rows are added to {@code dX}. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        if (gradients.x0() != null) {
            gradients.x0().clear(pass.rows());
            addInputGradient(pass, pass.parameters(), gradients.y(), gradients.x0());
        }
        double largest = Math.max(1, values.x0().largestMagnitude(pass));
        return (double) pass.rows() * windows.places() * largest * gradients.y().largestMagnitude(pass);
    }

    private void addInputGradient(Pass pass, float[] w, Rows dy, Rows dx) {
        int width = Layout.pad(elements); // lanes past the last element compute on leftovers that nobody reads
        float[] transposed = pass.scratch(1); // [filters x width]
        Transposition.transpose(w, weight.offset(), stride, elements, filters, transposed, width);
        float[] dp = pass.scratch(0); // [places x width]
        for (int i = 0; i < pass.rows(); i++) {
            for (int from = 0; from < windows.outHeight(); from += step) {
                int to = Math.min(from + step, windows.outHeight());
                int places = (to - from) * windows.outWidth();
                int at = i * dy.stride() + from * windows.outWidth() * filters;
                Arrays.fill(dp, 0, places * width, 0f);
                pass.kernels()
                        .gemm(places, width, filters, dy.floats(), at, filters, 1, transposed, 0, width, dp, 0, width);
                patches.scatter(dp, width, from, to, dx.floats(), i * dx.stride());
            }
        }
    }

    /** {@code dW = P(X)^T dY} {@code [elements x filters]} and {@code db = 1^T dY} {@code [filters]}. */
    @Override
    public void parameterGradient(Pass pass, Ports values, Ports gradients) {
        if (!pass.adding()) {
            Arrays.fill(pass.gradient(), weight.offset(), weight.end(), 0f);
            if (bias != null) {
                Arrays.fill(pass.gradient(), bias.offset(), bias.end(), 0f);
            }
        }
        addGradient(pass, values.x0(), gradients.y(), pass.gradient(), bias != null);
    }

    private void addGradient(Pass pass, Rows x, Rows dy, float[] sum, boolean withBias) {
        float[] p = pass.scratch(0);
        for (int i = 0; i < pass.rows(); i++) {
            for (int from = 0; from < windows.outHeight(); from += step) {
                int to = Math.min(from + step, windows.outHeight());
                int places = (to - from) * windows.outWidth();
                float[] d = dy.floats();
                int at = i * dy.stride() + from * windows.outWidth() * filters;
                if (filters < stride) {
                    d = pass.scratch(1);
                    Arrays.fill(d, 0, places * stride, 0f);
                    copy(places, dy.floats(), at, filters, d, 0, stride);
                    at = 0;
                }
                patches.gather(x.floats(), i * x.stride(), from, to, p);
                pass.kernels()
                        .gemm(elements, stride, places, p, 0, 1, elements, d, at, stride, sum, weight.offset(), stride);
                if (withBias) {
                    pass.kernels().gemm(1, stride, places, ONE, 0, 0, 0, d, at, stride, sum, bias.offset(), stride);
                }
            }
        }
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    /** {@code R(P(X) W + b) = P(X) R(W) + P(R(X)) W + R(b)}. */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        start(pass, pass.direction(), tangents.y());
        multiply(pass, values.x0(), pass.direction(), tangents.y());
        if (tangents.x0() != null) {
            multiply(pass, tangents.x0(), pass.parameters(), tangents.y());
        }
    }

    /** {@code R(dW) = P(X)^T R(dY) + P(R(X))^T dY} and {@code R(dP) = R(dY) W^T + dY R(W)^T}. */
    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        addGradient(pass, values.x0(), gradientTangents.y(), pass.product(), bias != null);
        if (tangents.x0() != null) {
            addGradient(pass, tangents.x0(), gradients.y(), pass.product(), false);
        }
        Rows rdx = gradientTangents.x0();
        if (rdx != null) {
            rdx.clear(pass.rows());
            addInputGradient(pass, pass.parameters(), gradientTangents.y(), rdx);
            addInputGradient(pass, pass.direction(), gradients.y(), rdx);
        }
    }
}
