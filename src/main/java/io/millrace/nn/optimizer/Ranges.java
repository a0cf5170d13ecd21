package io.millrace.nn.optimizer;

import java.util.Arrays;

/**
 * Ranges of a flat array of parameters: those that a step changes. Without embedding tables this is one range, with tables also one for
 * each row that the batch meets. Starts and ends are multiples of 16. Allocates only when there are more ranges than ever before.
 */
public final class Ranges {
    private static final Turned[] NONE = {};

    private int[] from = new int[1];
    private int[] to = new int[1];
    private int size;
    private Turned[] turned = {}; // parts of the first range

    /**
     * A part of the first range whose rows are the columns of a matrix.
     *
     * @param from start
     * @param rows number of rows, at most 8
     * @param stride distance between rows
     */
    public record Turned(int from, int rows, int stride) {}

    /** No range yet. */
    public Ranges() {}

    /** One range from 0. */
    public static Ranges all(int length) {
        Ranges ranges = new Ranges();
        ranges.add(0, length);
        return ranges;
    }

    /** Names the turned parts of the first range, in their order. */
    public Ranges withTurned(Turned... parts) {
        turned = parts;
        return this;
    }

    /** The turned parts of a range, in their order: the live array. */
    Turned[] turned(int i) {
        return i == 0 ? turned : NONE;
    }

    /** Keeps only the first ranges. */
    public void truncate(int newSize) {
        size = Math.min(size, newSize);
    }

    /** Appends a range, which must not overlap with the others. */
    public void add(int start, int end) {
        reserve(1);
        addIf(true, start, end);
    }

    /** Makes room for more ranges. */
    public void reserve(int more) {
        if (size + more > from.length) {
            from = Arrays.copyOf(from, Math.max(size + more, 2 * size));
            to = Arrays.copyOf(to, from.length);
        }
    }

    /** {@link #add} in reserved room, if the condition holds. Has no branch, which would often be mispredicted. */
    public void addIf(boolean condition, int start, int end) {
        from[size] = start;
        to[size] = end;
        size += condition ? 1 : 0;
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
