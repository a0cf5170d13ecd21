package io.millrace.nn.layer.image;

import io.millrace.nn.layer.Rows;
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
    private final int step; // floats of the image from one place to the next
    private final int left; // the first place in a row of places whose window has no padding on its left
    private final int right; // after the last one whose window has none on its right

    Patches(Windows windows) {
        this.windows = windows;
        channels = windows.in().channels();
        rowLength = windows.in().width() * channels;
        run = windows.width() * channels;
        step = windows.strideWidth() * channels;
        int space = windows.in().width() - windows.width() + windows.left(); // of the window's first column
        left = Math.min(windows.outWidth(), (windows.left() + windows.strideWidth() - 1) / windows.strideWidth());
        right = Math.min(windows.outWidth(), space < 0 ? 0 : space / windows.strideWidth() + 1);
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
        int inner = Math.max(left, right);
        for (int ox = 0; ox < left; ox++) {
            copyInside(x, row, windows.column(ox) * channels, patches, first + ox * elements);
        }
        for (int ox = inner; ox < windows.outWidth(); ox++) {
            copyInside(x, row, windows.column(ox) * channels, patches, first + ox * elements);
        }
        int from = row + windows.column(left) * channels;
        if (run >= LONG) {
            for (int ox = left; ox < inner; ox++) {
                System.arraycopy(x, from + (ox - left) * step, patches, first + ox * elements, run);
            }
        } else {
            for (int j = 0; j < run; j++) {
                copyColumn(x, from + j, step, patches, first + left * elements + j, elements, inner - left);
            }
        }
    }

    /** Copies one element of each window, since a loop over windows is longer than one over the elements of a row of them. */
    private static void copyColumn(float[] x, int from, int step, float[] patches, int to, int elements, int count) {
        for (int i = 0; i < count; i++) {
            patches[to + i * elements] = x[from + i * step];
        }
    }

    /** Copies a row of a window of which a part may lie in the padding. */
    private void copyInside(float[] x, int row, int start, float[] patches, int p) {
        for (int j = 0; j < run; j++) {
            int at = start + j;
            patches[p + j] = at < 0 || at >= rowLength ? 0 : x[row + at];
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
                        Rows.add(patches, place + ky * run + skipped, x, at + skipped, end - skipped);
                    }
                }
            }
        }
    }
}
