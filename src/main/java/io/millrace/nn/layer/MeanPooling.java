package io.millrace.nn.layer;

/**
 * The mean of each channel under a window.
 *
 * @param in shape of a row of inputs
 * @param window size of the window
 * @param stride step of the window
 */
public record MeanPooling(Shape in, Size window, Size stride) implements LayerKind {
    /** How the mean over all positions is written. */
    static final LayerForm OF_ALL = new LayerForm("mean", "mean", false, (arguments, in) -> {
        Size all = new Size(in.height(), in.width());
        return new MeanPooling(in, all, all);
    });

    /** Checks whether the window fits. */
    public MeanPooling {
        MaxPooling.windows(in, window, stride);
    }

    @Override
    public Shape output() {
        return MaxPooling.windows(in, window, stride).output(in.channels());
    }

    @Override
    public int units() {
        return output().size();
    }

    @Override
    public long parameters(long inputs) {
        return 0;
    }

    /** The divisions. */
    @Override
    public long multiplications(long inputs) {
        return units();
    }

    @Override
    public Node node(Context context) {
        in.requireInputs(context.inputs(), this);
        return new MeanPoolingNode(MaxPooling.windows(in, window, stride));
    }

    @Override
    public String written() {
        return "pool(" + window + ", mean" + (stride.equals(window) ? "" : ", stride=" + stride) + ")";
    }

    @Override
    public String toString() {
        return LayerForm.shaped(this, in);
    }
}
