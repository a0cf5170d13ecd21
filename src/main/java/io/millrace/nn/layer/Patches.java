package io.millrace.nn.layer;

import java.util.Arrays;

/**
 * Copies what lies under the windows of an image to the rows of a matrix, the patches (im2col), and back. An element {@code (ky, kx, c)} of a window is in
 * the column {@code (ky width + kx) channels + c}; padding is zero there. Moves and adds floats in a fixed order.
 */
final class Patches {
    /** From so many floats on a call that copies them is faster than a loop. */
    private static final int LONG = 12;

    private final Windows windows;
    private final int rowLength; // of the image, in floats
    private final int run; // floats of one row of a window, which lie side by side in the image
    private final int channels;

    Patches(Windows windows) {
        this.windows = windows;
        channels = windows.in().channels();
        rowLength = windows.in().width() * channels;
        run = windows.width() * channels;
    }

    /**
     * Copies the patches of some rows of places.
     *
     * @param x an image from {@code xOffset}
     * @param from first row of places
     * @param to after the last
     * @param patches {@code [places x elements]} from 0, overwritten
     */
    void gather(float[] x, int xOffset, int from, int to, float[] patches) {
        int elements = windows.elements();
        int places = windows.outWidth();
        for (int oy = from; oy < to; oy++) {
            int first = (oy - from) * places * elements;
            for (int ky = 0; ky < windows.height(); ky++, first += run) {
                int iy = windows.row(oy) + ky * windows.dilation();
                if (iy < 0 || iy >= windows.in().height()) {
                    for (int ox = 0, p = first; ox < places; ox++, p += elements) {
                        Arrays.fill(patches, p, p + run, 0f);
                    }
                } else {
                    gatherRow(x, xOffset + iy * rowLength, patches, first, elements);
                }
            }
        }
    }

    /** Copies the row of each window that lies on a row of the image. */
    private void gatherRow(float[] x, int row, float[] patches, int first, int elements) {
        for (int ox = 0, p = first; ox < windows.outWidth(); ox++, p += elements) {
            int start = windows.column(ox) * channels;
            if (start < 0 || start + run > rowLength) {
                for (int j = 0; j < run; j++) {
                    int at = start + j;
                    patches[p + j] = at < 0 || at >= rowLength ? 0 : x[row + at];
                }
            } else if (run >= LONG) {
                System.arraycopy(x, row + start, patches, p, run);
            } else {
                for (int j = 0; j < run; j++) {
                    patches[p + j] = x[row + start + j];
                }
            }
        }
    }

    /**
     * Adds patches to the image from which they are, place by place, an element of a window after the other. Leaves out those of the padding.
     *
     * @param patches {@code [places x stride]} from 0
     * @param from first row of places
     * @param to after the last
     * @param x an image from {@code xOffset}
     */
    void scatter(float[] patches, int stride, int from, int to, float[] x, int xOffset) {
        int place = 0;
        for (int oy = from; oy < to; oy++) {
            for (int ox = 0; ox < windows.outWidth(); ox++, place += stride) {
                int start = windows.column(ox) * channels;
                int skipped = Math.min(run, Math.max(0, -start));
                int end = Math.max(skipped, Math.min(run, rowLength - start));
                for (int ky = 0, iy = windows.row(oy); ky < windows.height(); ky++, iy += windows.dilation()) {
                    if (iy >= 0 && iy < windows.in().height()) {
                        int at = xOffset + iy * rowLength + start;
                        add(patches, place + ky * run + skipped, x, at + skipped, end - skipped);
                    }
                }
            }
        }
    }

    private static void add(float[] from, int fromOffset, float[] to, int toOffset, int count) {
        for (int j = 0; j < count; j++) {
            to[toOffset + j] += from[fromOffset + j];
        }
    }
}
