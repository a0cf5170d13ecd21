package io.millrace.nn.layer;

import java.util.Arrays;

/** Zeros at the padded positions of a sequence, in place, and in its gradient, so that a padded position changes nothing. The last node of its layer. */
final class MaskNode implements Node {
    private final Mask mask;
    private final Shape shape;

    MaskNode(Mask mask, Shape shape) {
        this.mask = mask;
        this.shape = shape;
    }

    @Override
    public int width() {
        return shape.size();
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
        clear(pass, values.y());
    }

    private void clear(Pass pass, Rows y) {
        for (int i = 0; i < pass.rows(); i++) {
            int from = i * y.stride();
            Arrays.fill(y.floats(), from, from + mask.padded(pass, i) * shape.channels(), 0f);
        }
    }

    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        clear(pass, gradients.y());
        return 0;
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        clear(pass, tangents.y());
    }

    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        clear(pass, gradientTangents.y());
    }
}
