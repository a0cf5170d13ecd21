package io.millrace.nn.layer.image;

import io.millrace.nn.layer.Mask;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Ports;
import io.millrace.nn.layer.Rows;

/**
 * The mean of each channel under a window: a sum over the elements of the window, in their order, that is divided by their number. Padded steps of a
 * sequence are not elements.
 */
final class MeanPoolingNode extends PoolingNode {
    MeanPoolingNode(Windows windows, Mask mask) {
        super(windows, mask);
    }

    @Override
    public void predict(Pass pass, Ports values) {
        average(pass, values.x0(), values.y());
    }

    private void average(Pass pass, Rows x, Rows y) {
        for (int i = 0; i < pass.rows(); i++) {
            int padded = padded(pass, i);
            for (int place = 0; place < windows.places(); place++) {
                int to = output(y, i, place);
                int from = start(x, i, place);
                int first = firstElement(place, padded);
                System.arraycopy(x.floats(), from + offsets[first], y.floats(), to, channels);
                for (int e = first + 1; e < offsets.length; e++) {
                    Rows.add(x.floats(), from + offsets[e], y.floats(), to, channels);
                }
                divide(y.floats(), to, channels, offsets.length - first);
            }
        }
    }

    private static void divide(float[] y, int from, int count, float divisor) {
        for (int j = 0; j < count; j++) {
            y[from + j] /= divisor;
        }
    }

    /** {@code dx = dy / elements}. Where windows overlap, places add up in their order. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        spread(pass, gradients.y(), gradients.x0());
        return 0;
    }

    private void spread(Pass pass, Rows dy, Rows dx) {
        if (dx == null) {
            return;
        }
        dx.clear(pass.rows());
        for (int i = 0; i < pass.rows(); i++) {
            int padded = padded(pass, i);
            for (int place = 0; place < windows.places(); place++) {
                int at = output(dy, i, place);
                int to = start(dx, i, place);
                int first = firstElement(place, padded);
                for (int e = first; e < offsets.length; e++) {
                    addShare(dy.floats(), at, dx.floats(), to + offsets[e], channels, offsets.length - first);
                }
            }
        }
    }

    private static void addShare(float[] dy, int from, float[] dx, int to, int count, float divisor) {
        for (int j = 0; j < count; j++) {
            dx[to + j] += dy[from + j] / divisor;
        }
    }

    /** The operation is linear, so derivatives along a direction are computed like the values. */
    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        if (tangents.x0() == null) {
            tangents.y().clear(pass.rows());
        } else {
            average(pass, tangents.x0(), tangents.y());
        }
    }

    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        spread(pass, gradientTangents.y(), gradientTangents.x0());
    }
}
