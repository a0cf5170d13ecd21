package io.millrace.nn.layer;

/** Fully connected units, {@code x W + b}. */
public record Dense(int units) implements LayerKind {
    @Override
    public Node node(Context context) {
        return new DenseNode(context, units);
    }

    @Override
    public String toString() {
        return String.valueOf(units);
    }
}
