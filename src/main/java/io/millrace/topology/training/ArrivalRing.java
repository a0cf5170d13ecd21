package io.millrace.topology.training;

import io.millrace.config.StreamsProperties;
import io.millrace.feature.InputLayout;
import io.millrace.learner.spec.LearnerSpec;

/**
 * Arrivals on their way from the stream thread to the learner's thread. What one processor writes another one must fetch, cache line after cache line, and each
 * time takes as long as a step of a small network. So the reader takes a block of arrivals at once into rows of its own, which lets the processor fetch many lines at a
 * time. It touches no object of a record unless the record is bad or an event is said with it. The caller counts the
 * arrivals, sees to it that one thread puts and one takes, and makes what was put visible. Allocates nothing for an example.
 */
final class ArrivalRing {
    /** What a poll of the consumer returns, about: what the learner's thread has to do while the stream thread polls again. */
    private static final int MOST_ROWS = 4096;

    private static final int LEAST_ROWS = 8;
    /** As long as a fetch of the consumer, for the same reason. */
    private static final int BYTES = StreamsProperties.FETCH_BYTES;

    private static final int MOST_BLOCK_ROWS = 32;
    /** Small enough that the block stays in the first cache of a processor. */
    private static final int BLOCK_BYTES = 8 << 10;

    private final int capacity; // a power of two
    private final int blockRows; // a power of two
    private final ArrivalRows rows;
    private final ArrivalRows block; // only the reader uses it

    /** A ring for the examples of a learner. */
    static ArrivalRing of(LearnerSpec spec) {
        return new ArrivalRing(spec.layout(), spec.architecture().inputs(), spec.targetWidth());
    }

    /** @param layout of declared features; null for {@code Example}s */
    ArrivalRing(InputLayout layout, int width, int targetWidth) {
        int rowBytes = Math.max(1, width) * (layout == null ? Float.BYTES : Double.BYTES);
        capacity = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, powerOfTwo(BYTES / rowBytes)));
        blockRows = Math.min(MOST_BLOCK_ROWS, powerOfTwo(BLOCK_BYTES / rowBytes));
        rows = new ArrivalRows(capacity, layout, width, targetWidth);
        block = new ArrivalRows(blockRows, layout, width, targetWidth);
    }

    /** The largest one that is not above the value; at least 1. */
    private static int powerOfTwo(int value) {
        return Integer.highestOneBit(Math.max(1, value));
    }

    /** How many arrivals it holds. */
    int capacity() {
        return capacity;
    }

    /**
     * Copies an arrival into the ring.
     *
     * @param number how many were put before; the one that is {@link #capacity} smaller is overwritten
     * @return whether it has room for all ids; if not, nothing was done
     */
    boolean put(long number, Arrival arrival) {
        return rows.put((int) number & capacity - 1, arrival);
    }

    /** Makes room for the ids of an arrival. The ring must be empty, and nobody take. */
    void widenFor(Arrival arrival) {
        rows.widenFor(arrival);
    }

    /**
     * Takes a block of arrivals out, which {@link #taken} then gives.
     *
     * @param number how many were taken before
     * @param end how many were put, more than {@code number}
     * @return how many were taken
     */
    int take(long number, long end) {
        int inBlock = blockRows - ((int) number & blockRows - 1); // so no block goes over the end of the ring
        int count = (int) Math.min(inBlock, end - number);
        block.take(rows, (int) number & capacity - 1, count);
        return count;
    }

    /**
     * Gives an arrival of the block that was taken last; only once.
     *
     * @param index 0 for the first one of the block
     * @return valid until the next call
     */
    Arrival taken(int index) {
        return block.get(index);
    }
}
