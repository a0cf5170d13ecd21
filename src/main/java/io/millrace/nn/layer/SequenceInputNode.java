package io.millrace.nn.layer;

import java.util.Arrays;

/**
 * The sequence that a network reads. Steps at its start whose first number is NaN are padding: it writes zeros instead, whatever their other numbers
 * are, and tells the pass how many they are. The last step always counts.
 */
public final class SequenceInputNode implements Node {
    private final Shape shape;

    /** @param shape a sequence */
    public SequenceInputNode(Shape shape) {
        this.shape = shape;
    }

    @Override
    public int width() {
        return shape.size();
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
    public void prepare(Pass pass, int maxRows) {
        pass.reservePadded(maxRows);
    }

    @Override
    public void predict(Pass pass, Ports values) {
        Rows x = values.x0();
        for (int i = 0; i < pass.rows(); i++) {
            pass.padded(i, padded(x.floats(), i * x.stride()));
        }
        copy(pass, x, values.y());
    }

    private int padded(float[] x, int from) {
        int steps = 0;
        while (steps < shape.height() - 1 && Float.isNaN(x[from + steps * shape.channels()])) {
            steps++;
        }
        return steps;
    }

    private void copy(Pass pass, Rows x, Rows y) {
        for (int i = 0; i < pass.rows(); i++) {
            int from = i * x.stride();
            int to = i * y.stride();
            int padding = pass.padded(i) * shape.channels();
            Arrays.fill(y.floats(), to, to + padding, 0f);
            System.arraycopy(x.floats(), from + padding, y.floats(), to + padding, shape.size() - padding);
        }
    }

    /** {@code dx = dy}, and 0 at padded steps. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        copy(pass, gradients.y(), gradients.x0());
        return 0;
    }

    @Override
    public boolean hasTangents() {
        return true; // which are never computed, because the input depends on no parameter
    }
}
