package io.millrace.topology.history;

/**
 * A place in all that a learner reads, as one number that grows as reading goes on: the index of the stretch in the upper bits, the
 * offset in the lower ones. In the first stretch it is the offset itself. A learner takes it as the position of an example.
 */
public final class InputPosition {
    private static final int OFFSET_BITS = 48;

    /** Beyond every offset. */
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
