package io.millrace.nn.kernels;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that compute parts of a kernel together with the thread that calls it. The parts are taken in turn by whoever is free, so that the caller
 * does not wait for a thread that the system has stopped. Who computes a part changes no bit, because a part contains whole chains. The
 * threads are daemons, and sleep when there is nothing to do. Allocates nothing for a call.
 */
final class KernelTeam {
    /** A kernel in parts. */
    interface Parts {
        /**
         * Computes a part.
         *
         * @param kernels those of the thread that computes it
         */
        void compute(int part, Kernels kernels);
    }

    /** About 20 us: between two products of a step a thread stays awake. */
    private static final int SPINS = 1000;

    private static final int PART_BITS = 16;
    private static final long PART_MASK = (1L << PART_BITS) - 1;

    private final Thread[] threads;
    private final AtomicInteger asleep = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    /** The number of the call, then that of the next part. A part is taken by adding one, which fails if another call has begun. */
    private final AtomicLong turn = new AtomicLong(PART_MASK);

    private final AtomicBoolean busy = new AtomicBoolean(); // during a call
    private Parts parts; // of the call; published by turn
    private int count;
    private volatile Throwable fault;

    /**
     * @param size threads besides the caller
     * @param kernels makes the instances of the threads
     */
    KernelTeam(int size, Kernels kernels) {
        threads = new Thread[size];
        for (int i = 0; i < size; i++) {
            Kernels own = kernels.newInstance();
            threads[i] = new Thread(() -> work(own), "millrace-step-" + (i + 1));
            threads[i].setDaemon(true);
        }
        for (Thread thread : threads) {
            thread.start();
        }
    }

    /** Threads that compute, the caller included. */
    int size() {
        return threads.length + 1;
    }

    /**
     * Computes all parts. If another thread has the team, the caller computes alone.
     *
     * @param number of parts, at most {@code 2^16 - 2}
     * @param own kernels of the caller
     */
    void compute(Parts work, int number, Kernels own) {
        if (!busy.compareAndSet(false, true)) {
            for (int part = 0; part < number; part++) {
                work.compute(part, own);
            }
            return;
        }
        try {
            parts = work;
            count = number;
            done.set(0);
            long call = (turn.get() >>> PART_BITS) + 1;
            turn.set(call << PART_BITS);
            if (asleep.get() > 0) {
                for (Thread thread : threads) {
                    LockSupport.unpark(thread);
                }
            }
            takeParts(own);
            while (done.get() < number) {
                Thread.onSpinWait(); // the last parts are being computed
            }
            // before count changes: a late thread finds no part, or cannot take it
            turn.set(call << PART_BITS | PART_MASK);
            Throwable cause = fault;
            fault = null;
            rethrow(cause);
        } finally {
            parts = null;
            busy.set(false);
        }
    }

    private static void rethrow(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause != null) {
            throw (RuntimeException) cause; // a kernel throws no other
        }
    }

    /** Computes parts of the current call until all are taken. */
    private void takeParts(Kernels own) {
        for (long now = turn.get(); (now & PART_MASK) < count; now = turn.get()) {
            if (turn.compareAndSet(now, now + 1)) {
                try {
                    parts.compute((int) (now & PART_MASK), own);
                } catch (RuntimeException | Error e) {
                    fault = e;
                } finally {
                    done.incrementAndGet();
                }
            }
        }
    }

    private void work(Kernels own) {
        long seen = turn.get() >>> PART_BITS;
        while (true) {
            seen = awaitCall(seen);
            takeParts(own);
        }
    }

    /** @return number of a call that begins after another one */
    private long awaitCall(long after) {
        int spins = 0;
        long call = turn.get() >>> PART_BITS;
        while (call == after) {
            if (spins++ < SPINS) {
                Thread.onSpinWait();
            } else {
                asleep.incrementAndGet();
                if (turn.get() >>> PART_BITS == after) { // else the caller may not have seen that this thread sleeps
                    LockSupport.park(this);
                }
                asleep.decrementAndGet();
            }
            call = turn.get() >>> PART_BITS;
        }
        return call;
    }
}
