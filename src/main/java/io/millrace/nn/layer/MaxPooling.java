package io.millrace.nn.layer;

/**
 * The largest number of each channel under a window.
 *
 * @param in shape of a row of inputs
 * @param window size of the window
 * @param stride step of the window
 */
public record MaxPooling(Shape in, Size window, Size stride) implements LayerKind {
    /** How it is written, {@link MeanPooling} included. */
    static final LayerForm FORM =
            new LayerForm("pool", "pool(2x2), pool(2x2, mean), pool(3x3, stride=2)", false, (arguments, in) -> {
                Size window = arguments.size("the window", in);
                Size stride = arguments.size("stride", in, window);
                return arguments.flag("mean")
                        ? new MeanPooling(in, window, stride)
                        : new MaxPooling(in, window, stride);
            });

    /** Checks whether the window fits. */
    public MaxPooling {
        windows(in, window, stride);
    }

    static Windows windows(Shape in, Size window, Size stride) {
        return Windows.of(in, window, stride, Padding.VALID, 1);
    }

    @Override
    public Shape output() {
        return windows(in, window, stride).output(in.channels());
    }

    @Override
    public int units() {
        return output().size();
    }

    @Override
    public long parameters(long inputs) {
        return 0;
    }

    @Override
    public long multiplications(long inputs) {
        return 0;
    }

    @Override
    public Node node(Context context) {
        in.requireInputs(context.inputs(), this);
        return new MaxPoolingNode(windows(in, window, stride));
    }

    @Override
    public String written() {
        return "pool(" + window + (stride.equals(window) ? "" : ", stride=" + stride) + ")";
    }

    @Override
    public String toString() {
        return LayerForm.shaped(this, in);
    }
}
