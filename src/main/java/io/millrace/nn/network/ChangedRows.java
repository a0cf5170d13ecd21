package io.millrace.nn.network;

/**
 * The rows of embedding tables that the last steps may have changed, so that a copy of the parameters that is made again and again need not
 * visit whole tables. A ring: a copy that is older than its rows visits everything.
 */
final class ChangedRows {
    private static final int LEAST = 16;

    private final int[] ring; // offsets of rows in the padded array
    private long count; // of all rows so far; begins so that no copy of before is known

    /** @param rows of all tables. For more than a tenth of them, copying all in their order is faster than one by one */
    ChangedRows(int rows) {
        ring = new int[Integer.highestOneBit(Math.max(LEAST, rows / 8))];
        count = ring.length;
    }

    void add(int offset) {
        ring[place(count)] = offset;
        count++;
    }

    private int place(long i) {
        return (int) i & (ring.length - 1);
    }

    /** Records that any row may have changed. */
    void addAll() {
        count += ring.length + 1L;
    }

    /** A mark, for rows that change from now on. */
    long mark() {
        return count;
    }

    /** Whether all rows that changed since a mark are kept; never for a negative mark. */
    boolean knowsSince(long mark) {
        return mark >= 0 && count - mark <= ring.length;
    }

    /** The offset of a row: the {@code i}-th of all, between a known mark and {@link #mark}. */
    int get(long i) {
        return ring[place(i)];
    }
}
