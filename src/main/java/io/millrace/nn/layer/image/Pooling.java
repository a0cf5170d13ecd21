package io.millrace.nn.layer.image;

import io.millrace.nn.layer.LayerForm;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Size;

/**
 * The largest number, or the mean, of each channel under a window.
 *
 * @param in shape of a row of inputs
 * @param window size of the window
 * @param stride step of the window
 * @param mean whether it is the mean
 */
public record Pooling(Shape in, Size window, Size stride, boolean mean) implements LayerKind {
    /** How it is written. */
    public static final LayerForm FORM =
            new LayerForm("pool", "pool(2x2), pool(2x2, mean), pool(3x3, stride=2)", false, (arguments, in) -> {
                Size window = arguments.size("the window", in);
                return new Pooling(in, window, arguments.size("stride", in, window), arguments.flag("mean"));
            });

    /** How the mean over all positions is written. */
    public static final LayerForm MEAN = new LayerForm("mean", "mean", false, (arguments, in) -> {
        Size all = new Size(in.height(), in.width());
        return new Pooling(in, all, all, true);
    });

    /** Checks whether the window fits. */
    public Pooling {
        windows(in, window, stride);
    }

    private static Windows windows(Shape in, Size window, Size stride) {
        return Windows.of(in, window, stride, Padding.VALID, 1);
    }

    @Override
    public Shape output() {
        return windows(in, window, stride).output(in.channels());
    }

    /** A place stands for the steps of a stride, as far as they are under its window, and pools those that are there. */
    @Override
    public int padded(int positions) {
        return (positions + Math.max(0, stride.height() - window.height())) / stride.height();
    }

    @Override
    public int units() {
        return output().size();
    }

    @Override
    public long parameters(long inputs) {
        return 0;
    }

    /** The divisions of means. */
    @Override
    public long multiplications(long inputs) {
        return mean ? units() : 0;
    }

    @Override
    public Node node(Context context) {
        in.requireInputs(context.inputs(), this);
        Windows windows = windows(in, window, stride);
        return mean ? new MeanPoolingNode(windows, context.mask()) : new MaxPoolingNode(windows, context.mask());
    }

    @Override
    public String written() {
        return "pool(" + window + (mean ? ", mean" : "") + (stride.equals(window) ? "" : ", stride=" + stride) + ")";
    }

    @Override
    public String toString() {
        return LayerForm.shaped(this, in);
    }
}
