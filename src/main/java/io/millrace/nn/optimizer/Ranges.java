package io.millrace.nn.optimizer;

import java.util.Arrays;

/**
 * Ranges of a flat array of parameters: those that a step changes. Without embedding tables this is one range, with tables also one for
 * each row that the batch meets. Starts and ends are multiples of 16. Allocates only when there are more ranges than ever before.
 */
public final class Ranges {
    private int[] from = new int[1];
    private int[] to = new int[1];
    private int size;

    /** No range yet. */
    public Ranges() {}

    /** One range from 0. */
    public static Ranges all(int length) {
        Ranges ranges = new Ranges();
        ranges.add(0, length);
        return ranges;
    }

    /** Keeps only the first ranges. */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /** Appends a range, which must not overlap with the others. */
    public void add(int start, int end) {
        if (size == from.length) {
            from = Arrays.copyOf(from, 2 * size);
            to = Arrays.copyOf(to, 2 * size);
        }
        from[size] = start;
        to[size] = end;
        size++;
    }

    /** Number of ranges. */
    public int size() {
        return size;
    }

    /** Start of the i-th range. */
    public int from(int i) {
        return from[i];
    }

    /** End of the i-th range, exclusive. */
    public int to(int i) {
        return to[i];
    }
}
