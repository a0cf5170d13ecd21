package io.millrace.nn.layer;

/** Adds residuals to its first input, in place (He et al., 2016): {@code y = x0 + x1 + ...}, all of one width. */
final class SumNode implements Node {
    private final int width;

    SumNode(int width) {
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
        add(pass, values);
    }

    private static void add(Pass pass, Ports values) {
        for (int i = 1; i < values.x().length; i++) {
            if (values.x()[i] != null) {
                values.y().add(values.x()[i], pass.rows());
            }
        }
    }

    /** {@code dxi = dy} for each input. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        handOn(pass, gradients);
        return 0;
    }

    private static void handOn(Pass pass, Ports gradients) {
        for (int i = 1; i < gradients.x().length; i++) {
            if (gradients.x()[i] != null) {
                gradients.x()[i].copy(gradients.y(), pass.rows());
            }
        }
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    /** The operation is linear, so derivatives along a direction are computed like the values. */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        add(pass, tangents);
    }

    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        handOn(pass, gradientTangents);
    }
}
