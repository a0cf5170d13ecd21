package io.millrace.nn.layer.image;

import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.Size;

/**
 * The places of a window that slides over an image, row by row. At the output {@code (oy, ox)} the window's element {@code (ky, kx)} is at the row
 * {@code oy strideHeight - top + ky dilation} and the column {@code ox strideWidth - left + kx} of the image, or outside of it in the padding.
 *
 * @param in the image
 * @param height rows of the window
 * @param width columns of the window
 * @param strideHeight rows from one place to the next
 * @param strideWidth columns from one place to the next
 * @param dilation rows from one row of the window to the next
 * @param top rows of padding above the image
 * @param left columns of padding before the image
 * @param outHeight rows of places
 * @param outWidth columns of places
 */
record Windows(
        Shape in,
        int height,
        int width,
        int strideHeight,
        int strideWidth,
        int dilation,
        int top,
        int left,
        int outHeight,
        int outWidth) {
    /** Most numbers of an image or a window: a network with few parameters could claim any memory otherwise. */
    private static final long MOST = 1 << 24;

    /**
     * Counts the places.
     *
     * @throws IllegalArgumentException if there is none, or the window or an image is too large
     */
    static Windows of(Shape in, Size window, Size stride, Padding padding, int dilation) {
        long rows = (window.height() - 1L) * dilation + 1;
        requireMost(in.positions(), in.channels(), "what enters");
        requireMost(Math.max(rows, (long) window.height() * window.width()), in.channels(), "the window");
        int outHeight = padding.places(in.height(), rows, stride.height());
        int outWidth = padding.places(in.width(), window.width(), stride.width());
        if (outHeight < 1 || outWidth < 1) {
            throw new IllegalArgumentException("the window of " + rows + "x" + window.width()
                    + " does not fit into what enters, " + in.height() + "x" + in.width());
        }
        return new Windows(
                in,
                window.height(),
                window.width(),
                stride.height(),
                stride.width(),
                dilation,
                padding.before(in.height(), rows, stride.height()),
                padding.before(in.width(), window.width(), stride.width()),
                outHeight,
                outWidth);
    }

    private static void requireMost(long positions, int channels, String what) {
        if (positions > MOST / channels) {
            throw new IllegalArgumentException(
                    what + " has " + positions + " x " + channels + " numbers; at most " + MOST + " are possible");
        }
    }

    /** Number of places. */
    int places() {
        return outHeight * outWidth;
    }

    /** Number of elements of a window, in all channels. */
    int elements() {
        return height * width * in.channels();
    }

    /** Refuses windows of which a row of places holds more numbers than an array. */
    void requirePatches() {
        long numbers = (long) outWidth * Layout.pad(elements());
        if (numbers > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a row of " + outWidth + " windows of " + height + "x" + width + "x"
                    + in.channels() + " has " + numbers + " numbers, more than an array: make the window smaller");
        }
    }

    /** What a window makes of the image, with so many numbers at each place. */
    Shape output(int channels) {
        requireMost(places(), channels, "the output");
        return new Shape(outHeight, outWidth, channels);
    }

    /** The row of the image under the first row of the window, negative in the padding. */
    int row(int oy) {
        return oy * strideHeight - top;
    }

    /** The column of the image under the first column of the window, negative in the padding. */
    int column(int ox) {
        return ox * strideWidth - left;
    }

    /** Index in the image of a place's first number, for windows without padding. */
    int start(int place) {
        int oy = place / outWidth;
        int ox = place % outWidth;
        return (oy * strideHeight * in.width() + ox * strideWidth) * in.channels();
    }

    /** Distances of the elements of a window, in one channel, from the first. */
    int[] offsets() {
        int[] offsets = new int[height * width];
        for (int e = 0; e < offsets.length; e++) {
            offsets[e] = (e / width * dilation * in.width() + e % width) * in.channels();
        }
        return offsets;
    }
}
