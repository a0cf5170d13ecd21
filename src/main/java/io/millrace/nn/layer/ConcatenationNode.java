package io.millrace.nn.layer;

/** Concatenates its inputs: {@code y = [x0 x1 ...]}. */
public final class ConcatenationNode implements Node {
    private final int[] starts; // of each input among the columns of the output, then the width of all

    /** @param widths of the inputs */
    public ConcatenationNode(int[] widths) {
        starts = new int[widths.length + 1];
        for (int i = 0; i < widths.length; i++) {
            starts[i + 1] = starts[i] + widths[i];
        }
    }

    @Override
    public int width() {
        return starts[starts.length - 1];
    }

    @Override
    public boolean passesOn() {
        return true;
    }

    @Override
    public boolean writesOuterProducts() {
        return true;
    }

    @Override
    public void predict(Pass pass, Ports values) {
        gather(pass, values);
    }

    private void gather(Pass pass, Ports parts) {
        for (int i = 0; i < parts.x().length; i++) {
            Rows x = parts.x()[i];
            if (x != null) {
                parts.y().copy(x, 0, starts[i], x.width(), pass.rows());
            }
        }
    }

    /** {@code [dx0 dx1 ...] = dy}. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        scatter(pass, gradients);
        return 0;
    }

    private void scatter(Pass pass, Ports parts) {
        for (int i = 0; i < parts.x().length; i++) {
            Rows x = parts.x()[i];
            if (x != null) {
                x.copy(parts.y(), starts[i], 0, x.width(), pass.rows());
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
        gather(pass, tangents);
    }

    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        scatter(pass, gradientTangents);
    }
}
