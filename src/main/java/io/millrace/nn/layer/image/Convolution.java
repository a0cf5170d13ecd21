package io.millrace.nn.layer.image;

import io.millrace.nn.layer.LayerForm;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Size;
import java.util.Locale;

/**
 * Convolution with shared weights, of images in two dimensions and of sequences in one. The output has a position for each place of the window and
 * a channel for each filter.
 *
 * @param in shape of a row of inputs
 * @param filters number of filters, {@code >= 1}
 * @param kernel size of the window
 * @param stride step of the window
 * @param padding what is around the image
 * @param dilation steps of a sequence from one element of the window to the next, {@code >= 1}; 1 for an image
 */
public record Convolution(Shape in, int filters, Size kernel, Size stride, Padding padding, int dilation)
        implements LayerKind {
    /** How it is written. */
    public static final LayerForm FORM = new LayerForm(
            "conv",
            "conv(16, 3x3), conv(16, 3x3, stride=2, padding=same), conv(16, 3, padding=causal, dilation=2)",
            true,
            (arguments, in) -> new Convolution(
                    in,
                    arguments.count("the number of filters"),
                    arguments.size("the window", in),
                    arguments.size("stride", in, Size.ONE),
                    arguments.choice("padding", Padding.VALID, Padding.values()),
                    arguments.count("dilation", 1)));

    /** Checks the ranges. */
    public Convolution {
        if (filters < 1 || dilation < 1) {
            throw new IllegalArgumentException(
                    filters + " filters with the dilation " + dilation + ": give at least 1 of each");
        }
        if (in.width() > 1 && (padding == Padding.CAUSAL || dilation > 1)) {
            throw new IllegalArgumentException(
                    "causal padding and dilation are for sequences, and what enters is an image of " + in);
        }
        Windows windows = Windows.of(in, kernel, stride, padding, dilation);
        windows.output(filters);
        windows.requirePatches();
    }

    private Windows windows() {
        return Windows.of(in, kernel, stride, padding, dilation);
    }

    @Override
    public Shape output() {
        return windows().output(filters);
    }

    @Override
    public int padded(int positions) {
        return padding.fewer(positions, stride.height());
    }

    @Override
    public int units() {
        return output().size();
    }

    @Override
    public long parameters(long inputs) {
        return (windows().elements() + 1L) * filters;
    }

    @Override
    public long multiplications(long inputs) {
        return (long) windows().places() * windows().elements() * filters;
    }

    @Override
    public Node node(Context context) {
        in.requireInputs(context.inputs(), this);
        return new ConvolutionNode(context, windows(), filters);
    }

    @Override
    public String written() {
        return String.format(
                Locale.ROOT,
                "conv(%d, %s%s%s%s)",
                filters,
                kernel,
                stride.equals(Size.ONE) ? "" : ", stride=" + stride,
                padding == Padding.VALID ? "" : ", padding=" + padding,
                dilation == 1 ? "" : ", dilation=" + dilation);
    }

    @Override
    public String toString() {
        return LayerForm.shaped(this, in);
    }
}
