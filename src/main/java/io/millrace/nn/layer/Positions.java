package io.millrace.nn.layer;

/** The positions of the rows of a batch that are not padding, one after the other: where in the rows they are. */
final class Positions {
    private final Shape shape;
    private final int rowStride;
    private final Mask mask;
    private int[] places; // [maxRows x positions]: index of the first channel; null without a mask
    private int count;

    Positions(Shape shape, int rowStride, Mask mask) {
        this.shape = shape;
        this.rowStride = rowStride;
        this.mask = mask;
    }

    /** Allocates its memory. */
    void prepare(int maxRows) {
        places = mask.isNone() ? null : new int[Math.multiplyExact(maxRows, shape.positions())];
    }

    /** Finds the positions of the rows of a pass. */
    void find(Pass pass) {
        if (places == null) {
            count = pass.rows() * shape.positions();
            return;
        }
        count = 0;
        for (int i = 0; i < pass.rows(); i++) {
            for (int position = mask.padded(pass, i); position < shape.positions(); position++) {
                places[count++] = i * rowStride + position * shape.channels();
            }
        }
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** Index of the first channel of a position, counted over all rows. */
    int index(int position) {
        if (places != null) {
            return places[position];
        }
        int positions = shape.positions();
        return position / positions * rowStride + position % positions * shape.channels();
    }
}
