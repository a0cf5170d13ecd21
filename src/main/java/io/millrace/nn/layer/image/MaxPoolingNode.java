package io.millrace.nn.layer.image;

import io.millrace.nn.layer.Mask;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;
import java.util.Arrays;

/**
 * The largest number of each channel under a window, whose gradient goes to the first of the largest. With a NaN the output is NaN, and no
 * step is made. Padded steps of a sequence take no part. The backward pass finds the places again, so that it needs no memory for them.
 */
final class MaxPoolingNode extends PoolingNode {
    private float[] tallest; // [width x channels]: the largest numbers of some rows of the image
    private float[] most; // [channels]: the largest numbers under a window
    private int[] found; // [channels]: their distances from the first under the window

    MaxPoolingNode(Windows windows, Mask mask) {
        super(windows, mask);
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        super.prepare(pass, maxRows);
        tallest = new float[windows.in().width() * channels];
        most = new float[channels];
        found = new int[channels];
    }

    /** First over the rows of a window, for whole rows of the image at once, then over its columns. */
    @Override
    public void predict(Pass pass, Ports values) {
        Rows x = values.x0();
        Rows y = values.y();
        for (int i = 0; i < pass.rows(); i++) {
            int padded = padded(pass, i);
            for (int oy = 0; oy < windows.outHeight(); oy++) {
                int from = start(x, i, oy * windows.outWidth());
                int first = firstElement(oy, padded);
                System.arraycopy(x.floats(), from + first * tallest.length, tallest, 0, tallest.length);
                for (int ky = first + 1; ky < windows.height(); ky++) {
                    raise(x.floats(), from + ky * tallest.length, tallest, 0, tallest.length);
                }
                for (int ox = 0; ox < windows.outWidth(); ox++) {
                    int column = ox * windows.strideWidth() * channels;
                    int to = output(y, i, oy * windows.outWidth() + ox);
                    System.arraycopy(tallest, column, y.floats(), to, channels);
                    for (int kx = 1; kx < windows.width(); kx++) {
                        raise(tallest, column + kx * channels, y.floats(), to, channels);
                    }
                }
            }
        }
    }

    private static void raise(float[] x, int from, float[] y, int to, int count) {
        for (int j = 0; j < count; j++) {
            y[to + j] = Math.max(y[to + j], x[from + j]);
        }
    }

    /** Finds the first of the largest numbers of each channel under a window, in loops without jumps, since no processor foresees the numbers. */
    private void find(float[] x, int from, int first) {
        System.arraycopy(x, from + offsets[first], most, 0, channels);
        for (int e = first + 1; e < offsets.length; e++) {
            raise(x, from + offsets[e], most, 0, channels);
        }
        Arrays.fill(found, offsets[offsets.length - 1]);
        for (int e = offsets.length - 2; e >= first; e--) {
            match(x, from + offsets[e], most, offsets[e], found, channels);
        }
    }

    private static void match(float[] x, int from, float[] most, int offset, int[] found, int count) {
        for (int j = 0; j < count; j++) {
            found[j] = x[from + j] == most[j] ? offset : found[j];
        }
    }

    /** {@code dx = dy} at the largest numbers, 0 elsewhere. Where windows overlap, places add up in their order. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        if (gradients.x0() != null) {
            scatter(pass, values.x0(), gradients.y(), gradients.x0());
        }
        return 0;
    }

    private void scatter(Pass pass, Rows x, Rows dy, Rows dx) {
        dx.clear(pass.rows());
        for (int i = 0; i < pass.rows(); i++) {
            int padded = padded(pass, i);
            for (int place = 0; place < windows.places(); place++) {
                find(x.floats(), start(x, i, place), firstElement(place, padded));
                add(dy.floats(), output(dy, i, place), dx.floats(), start(dx, i, place), found, channels);
            }
        }
    }

    private static void add(float[] dy, int from, float[] dx, int to, int[] found, int count) {
        for (int j = 0; j < count; j++) {
            dx[to + j + found[j]] += dy[from + j];
        }
    }

    /** {@code R(y) = R(x)} at the largest numbers. */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        Rows x = values.x0();
        Rows rx = tangents.x0();
        Rows ry = tangents.y();
        if (rx == null) {
            ry.clear(pass.rows());
            return;
        }
        for (int i = 0; i < pass.rows(); i++) {
            int padded = padded(pass, i);
            for (int place = 0; place < windows.places(); place++) {
                find(x.floats(), start(x, i, place), firstElement(place, padded));
                int from = start(rx, i, place);
                int to = output(ry, i, place);
                for (int j = 0; j < channels; j++) {
                    ry.floats()[to + j] = rx.floats()[from + j + found[j]];
                }
            }
        }
    }

    /** The operation is linear where it has a derivative. */
    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        if (gradientTangents.x0() != null) {
            scatter(pass, values.x0(), gradientTangents.y(), gradientTangents.x0());
        }
    }
}
