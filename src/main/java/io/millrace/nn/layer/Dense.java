package io.millrace.nn.layer;

/** Fully connected units, {@code x W + b}. */
public record Dense(int units) implements LayerKind {
    /** How it is written. */
    public static final LayerForm FORM = new LayerForm(
            "dense", "dense(64)", true, (arguments, in) -> new Dense(arguments.count("the number of units")));

    @Override
    public String written() {
        return "dense(" + units + ")";
    }

    @Override
    public Node node(Context context) {
        return new DenseNode(context, units);
    }

    @Override
    public String toString() {
        return String.valueOf(units);
    }
}
