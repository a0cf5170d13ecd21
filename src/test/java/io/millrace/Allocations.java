package io.millrace;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What a piece of code allocates once the compiler has settled. */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5;
    private static final long PATIENCE_NS = 90_000_000_000L;

    private Allocations() {}

    /**
     * Bytes that the calling thread allocates in the worst of five successive rounds. Code that is not compiled boxes its vectors, for a
     * second or two, so that rounds are run until five in a row allocate nothing, for 90 s at most (on a loaded machine the compiler comes late). A single round without allocation
     * proves little: code that allocates in every other round has such rounds, too.
     *
     * @param round enough calls for what allocates now and then to do so
     */
    public static long settledBytes(Runnable round) {
        long thread = Thread.currentThread().getId();
        long deadline = System.nanoTime() + PATIENCE_NS;
        long[] last = new long[ROUNDS];
        int clean = 0;
        for (int r = 0; clean < ROUNDS && System.nanoTime() < deadline; r++) {
            long before = THREADS.getThreadAllocatedBytes(thread);
            round.run();
            long bytes = THREADS.getThreadAllocatedBytes(thread) - before;
            last[r % ROUNDS] = bytes;
            clean = bytes == 0 ? clean + 1 : 0;
        }
        return Arrays.stream(last).max().getAsLong();
    }
}
