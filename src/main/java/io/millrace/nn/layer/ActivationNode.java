package io.millrace.nn.layer;

import io.millrace.nn.activation.Activation;

/** An elementwise non-linearity, {@code y = act(x)}, in place. Its derivative is a function of its output, so it is the last node of its layer. */
final class ActivationNode implements Node {
    private final Activation activation;
    private final int width;
    private Rows entered; // [maxRows x stride]: R(x); null without tangent passes

    ActivationNode(Activation activation, int width) {
        this.activation = activation;
        this.width = width;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public boolean inPlace() {
        return true;
    }

    @Override
    public boolean writesOuterProducts() {
        return true;
    }

    @Override
    public void predict(Pass pass, Ports values) {
        Rows y = values.y();
        activation.forward(pass.kernels(), y.floats(), pass.rows() * y.stride());
    }

    /** {@code dx = act'(x) dy}, elementwise. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        backward(pass, values, gradients.y());
        return 0;
    }

    private void backward(Pass pass, Ports values, Rows dy) {
        activation.backward(pass.kernels(), dy.floats(), values.y().floats(), pass.rows() * dy.stride());
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    @Override
    public void prepareTangents(Pass pass, int maxRows, Ports gradients) {
        entered = new Rows(maxRows, width);
    }

    /** {@code R(y) = act'(x) R(x)}. */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        entered.copy(tangents.y(), pass.rows());
        backward(pass, values, tangents.y());
    }

    /** {@code R(dx) = act'(x) R(dy) + dy act''(x) R(x)}; see {@link Activation#addBend}. */
    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        Rows tangent = gradientTangents.y();
        backward(pass, values, tangent);
        activation.addBend(
                tangent.floats(),
                gradients.y().floats(), // dx by now
                values.y().floats(),
                entered.floats(),
                pass.rows() * tangent.stride());
    }
}
