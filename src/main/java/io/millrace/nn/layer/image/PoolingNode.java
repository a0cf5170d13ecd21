package io.millrace.nn.layer.image;

import io.millrace.nn.layer.Mask;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Pass;
import io.millrace.nn.layer.Rows;

/** What nodes that pool the numbers of each channel under a window have in common. */
abstract class PoolingNode implements Node {
    final Windows windows;
    final int channels;
    private final Mask mask;
    int[] offsets; // of the elements of a window, from its first

    PoolingNode(Windows windows, Mask mask) {
        this.mask = mask;
        this.windows = windows;
        channels = windows.in().channels();
    }

    @Override
    public int width() {
        return windows.places() * channels;
    }

    @Override
    public boolean writesOuterProducts() {
        return true;
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        offsets = windows.offsets();
    }

    /** Number of positions of a row that are padding; 0 for an image. */
    final int padded(Pass pass, int row) {
        return mask.padded(pass, row);
    }

    /** The first element of a window of a sequence that is not padding, or the last one if all are. */
    final int firstElement(int place, int padded) {
        return Math.max(0, Math.min(padded - place * windows.strideHeight(), offsets.length - 1));
    }

    /** Index of the first number under a window in the rows {@code x}. */
    final int start(Rows x, int row, int place) {
        return row * x.stride() + windows.start(place);
    }

    /** Index of the first channel of a place in the rows {@code y}. */
    final int output(Rows y, int row, int place) {
        return row * y.stride() + place * channels;
    }

    @Override
    public boolean hasTangents() {
        return true;
    }
}
