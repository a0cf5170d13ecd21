package io.millrace.topology.history;

/**
 * A position in a learner's input, as one number that grows as the learner reads: the upper bits are the index of the stretch, the lower
 * bits are the offset. In the first stretch it equals the offset. A learner uses it as the position of an example.
 */
public final class InputPosition {
    private static final int OFFSET_BITS = 48;

    /** Larger than every offset. */
    public static final long MAX_OFFSET = (1L << OFFSET_BITS) - 1;

    private InputPosition() {}

    public static long of(int stretch, long offset) {
        return (long) stretch << OFFSET_BITS | offset;
    }

    public static int stretch(long position) {
        return (int) (position >>> OFFSET_BITS);
    }

    public static long offset(long position) {
        return position & MAX_OFFSET;
    }
}
