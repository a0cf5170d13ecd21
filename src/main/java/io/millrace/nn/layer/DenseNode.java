package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import java.util.Arrays;

/**
 * Fully connected units, {@code Y = X W + b}. An element of {@code Y} is one chain over the inputs that starts at the bias; an element of the gradient
 * by {@code W} or {@code b} is one chain over the rows of the batch, and over the uses of shared weights, later ones first.
 */
final class DenseNode implements Node {
    private static final float[] ONE = {1f};

    private final int in;
    private final int out;
    private final WeightMatrix weight; // W
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
        weight = new WeightMatrix(context, units);
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
            for (int j = 0; j < out; j++) {
                parameters[weight.index(i, j)] = initializer.weight(random, fanIn, out);
            }
        }
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        weight.prepare(pass, maxRows);
    }

    @Override
    public void predict(Pass pass, Ports values) {
        start(pass, pass.parameters(), values.y());
        weight.multiply(pass, values.x0(), pass.parameters(), values.y());
    }

    /** {@code Y = b}: where the chains start. */
    private void start(Pass pass, float[] parameters, Rows y) {
        if (bias == null) {
            y.clear(pass.rows());
            return;
        }
        y.repeat(parameters, bias.offset(), pass.rows());
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports gradients) {
        weight.prepareTraining(pass, maxRows, gradients.x0() != null);
    }

    /** {@code dX = dY W^T} {@code [rows x in]}. An element of {@code dW} is a sum over the rows of products of elements of X, or 1, and of dY. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        if (gradients.x0() != null) {
            weight.inputGradient(pass, pass.parameters(), gradients.y(), gradients.x0());
        }
        double largest = Math.max(1, values.x0().largestMagnitude(pass));
        return pass.rows() * largest * gradients.y().largestMagnitude(pass);
    }

    /** {@code dW = X^T dY} {@code [in x out]} and {@code db = 1^T dY} {@code [1 x out]}. */
    @Override
    public void parameterGradient(Pass pass, Ports values, Ports gradients) {
        Rows dy = gradients.y();
        weight.gradient(pass, values.x0(), dy);
        if (bias == null) {
            return;
        }
        if (pass.rows() == 1 && !pass.adding()) {
            pass.outer(1, dy.stride(), ONE, dy.floats(), bias.offset());
            return;
        }
        if (!pass.adding()) {
            Arrays.fill(pass.gradient(), bias.offset(), bias.end(), 0f);
        }
        addBiasGradient(pass, dy, pass.gradient());
    }

    private void addBiasGradient(Pass pass, Rows dy, float[] sum) {
        int n = dy.stride();
        pass.kernels().gemm(1, n, pass.rows(), ONE, 0, 0, 0, dy.floats(), 0, n, sum, bias.offset(), n);
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
        weight.multiply(pass, values.x0(), pass.direction(), tangents.y());
        if (tangents.x0() != null) {
            weight.multiply(pass, tangents.x0(), pass.parameters(), tangents.y());
        }
    }

    /** {@code R(X^T dY) = X^T R(dY) + R(X)^T dY} and {@code R(dY W^T) = R(dY) W^T + dY R(W)^T}. */
    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        Rows dy = gradients.y();
        Rows tangent = gradientTangents.y(); // R(dY)
        if (bias != null) {
            addBiasGradient(pass, tangent, pass.product());
        }
        weight.addGradient(pass, values.x0(), tangent, pass.product());
        if (tangents.x0() != null) {
            weight.addGradient(pass, tangents.x0(), dy, pass.product());
        }
        Rows rdx = gradientTangents.x0();
        if (rdx != null) {
            weight.inputGradient(pass, pass.parameters(), tangent, rdx);
            second.pointTo(pass.scratch(2));
            weight.inputGradient(pass, pass.direction(), dy, second);
            rdx.add(second, pass.rows());
        }
    }
}
