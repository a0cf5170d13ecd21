package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.kernels.Kernels;
import java.util.Arrays;

/**
 * Fully connected units, {@code Y = X W + b}. An element of {@code Y} is one chain over the inputs that starts at the bias; an element of the gradient
 * by {@code W} or {@code b} is one chain over the rows of the batch, and over the uses of shared weights, later ones first.
 */
final class DenseNode implements Node {
    private static final float[] ONE = {1f};

    private final int in;
    private final int out;
    private final Block weight; // W [in x stride]
    private final Block bias; // b [1 x stride]; null where what follows shifts
    private final Rows second; // [rows x stride of X] in scratch: the second term of R(dX)
    private final int fanIn;

    DenseNode(LayerKind.Context context, int units) {
        this(context, units, 0);
    }

    /** @param more number of inputs that another node adds, which count for the first weights */
    DenseNode(LayerKind.Context context, int units, int more) {
        in = context.inputs();
        fanIn = in + more;
        out = units;
        weight = context.parameters().matrix("weight", in, out);
        bias = context.shifted() ? null : context.parameters().vector("bias", out);
        second = new Rows(0, in);
    }

    @Override
    public int width() {
        return out;
    }

    @Override
    public boolean writesOuterProducts() {
        return true;
    }

    /** Weights from the initializer, row by row; the bias is zero. */
    @Override
    public void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        for (int i = 0; i < in; i++) {
            int row = weight.offset() + i * weight.stride();
            for (int j = 0; j < out; j++) {
                parameters[row + j] = initializer.weight(random, fanIn, out);
            }
        }
    }

    @Override
    public void predict(Pass pass, Ports values) {
        start(pass, pass.parameters(), values.y());
        multiply(pass, values.x0(), pass.parameters(), values.y());
    }

    /** {@code Y = b}: where the chains start. */
    private void start(Pass pass, float[] parameters, Rows y) {
        if (bias == null) {
            y.clear(pass.rows());
            return;
        }
        for (int i = 0; i < pass.rows(); i++) {
            System.arraycopy(parameters, bias.offset(), y.floats(), i * y.stride(), y.stride());
        }
    }

    /** {@code Y += X W}: {@code [rows x in]}, {@code [in x stride]}, {@code [rows x stride]}. */
    private void multiply(Pass pass, Rows x, float[] parameters, Rows y) {
        int stride = y.stride();
        pass.kernels()
                .gemm(
                        pass.rows(),
                        stride,
                        in,
                        x.floats(),
                        0,
                        x.stride(),
                        1,
                        parameters,
                        weight.offset(),
                        stride,
                        y.floats(),
                        0,
                        stride);
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports gradients) {
        if (gradients.x0() != null) {
            InputGradient.reserve(pass, in, out, maxRows);
        }
    }

    /** {@code dX = dY W^T} {@code [rows x in]}. An element of {@code dW} is a sum over the rows of products of elements of X, or 1, and of dY. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        if (gradients.x0() != null) {
            InputGradient.compute(pass, pass.parameters(), weight.offset(), gradients.y(), gradients.x0());
        }
        double largest = Math.max(1, values.x0().largestMagnitude(pass));
        return pass.rows() * largest * gradients.y().largestMagnitude(pass);
    }

    /** {@code dW = X^T dY} {@code [in x stride]} and {@code db = 1^T dY} {@code [1 x stride]}. */
    @Override
    public void parameterGradient(Pass pass, Ports values, Ports gradients) {
        Rows x = values.x0();
        Rows dy = gradients.y();
        product(pass, in, x.floats(), 1, x.stride(), dy, weight.offset());
        if (bias != null) {
            product(pass, 1, ONE, 0, 0, dy, bias.offset());
        }
    }

    /** {@code C = X^T dY} {@code [m x stride]}, or {@code C += X^T dY}; an element of X is {@code x[row * xStride + i * step]}. */
    private static void product(Pass pass, int m, float[] x, int step, int xStride, Rows dy, int c) {
        if (pass.rows() == 1 && !pass.adding()) {
            pass.outer(m, dy.stride(), x, dy.floats(), c);
            return;
        }
        if (!pass.adding()) {
            Arrays.fill(pass.gradient(), c, c + m * dy.stride(), 0f);
        }
        add(pass, m, x, step, xStride, dy, pass.gradient(), c);
    }

    private static void add(Pass pass, int m, float[] x, int step, int xStride, Rows dy, float[] sum, int c) {
        Kernels kernels = pass.kernels();
        int stride = dy.stride();
        kernels.gemm(m, stride, pass.rows(), x, 0, step, xStride, dy.floats(), 0, stride, sum, c, stride);
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    @Override
    public void prepareTangents(Pass pass, int maxRows, Ports gradients) {
        if (gradients.x0() != null) {
            pass.reserve(2, Math.multiplyExact(maxRows, second.stride()));
        }
    }

    /** {@code R(X W + b) = X R(W) + R(X) W + R(b)}. */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        start(pass, pass.direction(), tangents.y());
        multiply(pass, values.x0(), pass.direction(), tangents.y());
        if (tangents.x0() != null) {
            multiply(pass, tangents.x0(), pass.parameters(), tangents.y());
        }
    }

    /** {@code R(X^T dY) = X^T R(dY) + R(X)^T dY} and {@code R(dY W^T) = R(dY) W^T + dY R(W)^T}. */
    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        Rows dy = gradients.y();
        Rows tangent = gradientTangents.y(); // R(dY)
        if (bias != null) {
            add(pass, 1, ONE, 0, 0, tangent, pass.product(), bias.offset());
        }
        Rows x = values.x0();
        add(pass, in, x.floats(), 1, x.stride(), tangent, pass.product(), weight.offset());
        Rows rx = tangents.x0();
        if (rx != null) {
            add(pass, in, rx.floats(), 1, rx.stride(), dy, pass.product(), weight.offset());
        }
        Rows rdx = gradientTangents.x0();
        if (rdx != null) {
            InputGradient.compute(pass, pass.parameters(), weight.offset(), tangent, rdx);
            second.pointTo(pass.scratch(2));
            InputGradient.compute(pass, pass.direction(), weight.offset(), dy, second);
            rdx.add(second, pass.rows());
        }
    }
}
