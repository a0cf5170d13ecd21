package io.millrace.topology.training;

import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.TrainingEvent;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Learns in a thread of its own, so that the stream thread can read on. One {@link ArrivalRing} leads from the stream thread to this
 * one; the order, and so every bit, is that of the records. A full ring makes the stream thread wait. The counters are written with a release
 * and read with an acquire, as in Lamport's queue (1983), so that {@link #await} sees all that was learned. Allocates nothing for a record.
 */
final class LearnerThread implements RecordLearner {
    /**
     * A counter is shown to the other thread at least each so many records, or when one waits for the other: each time a cache line goes from
     * one processor to the other, which takes as long as a small step.
     */
    private static final int SHOWN_EVERY = 32;
    /** Places of the counters, far enough from each other and from other objects to be in cache lines of their own. */
    private static final int TAKEN = 16;

    private static final int LEARNED = 32;
    private static final int COUNTERS = 48;
    /** Number of records from which on the ring may be full; beside {@link #TAKEN}. */
    private static final int ROOM = TAKEN + 1;

    /** Some microseconds: longer than a record takes at full speed, too short to disturb others. */
    private static final int SPINS = 300;

    private static final long NAP_NS = 20_000;

    /**
     * A learner that is faster than the stream thread naps before it sleeps, so that the stream thread need not wake it for each few records:
     * a call that wakes a thread takes longer than several small steps. In a nap come fewer records than the ring has room for.
     */
    private static final long LEARNER_NAP_NS = 100_000;

    private static final int LEARNER_NAPS = 10;

    private final RecordLearner learner;
    private final ArrivalRing ring;
    private final Thread thread;
    private final AtomicLongArray counters = new AtomicLongArray(COUNTERS); // records that were taken, and learned
    private final long[] stream = new long[COUNTERS]; // at TAKEN and ROOM, what only the stream thread reads and writes
    private volatile boolean asleep; // whether the learner's thread waits to be woken
    private volatile boolean napping; // whether it looks by itself in a moment
    private volatile boolean closed;
    private volatile Throwable fault; // what ended the learner's thread

    /**
     * @param learner what the thread calls
     * @param ring an empty one
     */
    LearnerThread(RecordLearner learner, ArrivalRing ring, String name) {
        this.learner = learner;
        this.ring = ring;
        stream[ROOM] = ring.capacity();
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** @throws RuntimeException or Error: what an earlier record has caused */
    @Override
    public void learn(Arrival arrival) {
        long taken = stream[TAKEN];
        if (taken >= stream[ROOM]) {
            awaitLearned(taken - ring.capacity() / 2);
            stream[ROOM] = counters.getAcquire(LEARNED) + ring.capacity();
        }
        if (!ring.put(taken, arrival)) {
            awaitLearned(taken); // so that nobody reads the ring
            ring.widenFor(arrival);
            ring.put(taken, arrival);
        }
        stream[TAKEN] = taken + 1;
        if (asleep || (taken + 1) % SHOWN_EVERY == 0) { // others can wait until the commit
            show();
        }
        requireSound();
    }

    private void show() {
        counters.set(TAKEN, stream[TAKEN]);
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void await() {
        awaitLearned(stream[TAKEN]);
        requireSound();
    }

    private void awaitLearned(long count) {
        show();
        if (napping) {
            LockSupport.unpark(thread);
        }
        for (int spins = 0; counters.getAcquire(LEARNED) < count; spins++) {
            requireSound();
            if (closed) {
                throw new IllegalStateException("the learner's thread has ended before it learned all records");
            }
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, NAP_NS);
            }
        }
    }

    /** The stream thread ends as if it had learned itself. */
    private void requireSound() {
        Throwable cause = fault;
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause != null) {
            throw (RuntimeException) cause; // run() catches no other
        }
    }

    @Override
    public FixedKeyRecord<RecordKey, TrainingEvent> said() {
        return learner.said();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the thread uses what the caller is about to close
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        learner.close();
    }

    private void run() {
        try {
            long next = 0;
            while (awaitTaken(next)) {
                long end = counters.getAcquire(TAKEN);
                while (next < end && !closed) {
                    learner.learn(ring.take(next));
                    next++;
                    if (next % SHOWN_EVERY == 0) {
                        counters.setRelease(LEARNED, next);
                    }
                }
                counters.setRelease(LEARNED, next);
            }
        } catch (RuntimeException | Error e) {
            fault = e;
        }
    }

    /** Returns whether there is a record with this number; false: the thread is to end. */
    private boolean awaitTaken(long number) {
        for (int waits = 0; counters.getAcquire(TAKEN) == number && !closed; waits++) {
            if (waits < SPINS) {
                Thread.onSpinWait();
            } else if (waits < SPINS + LEARNER_NAPS) {
                napping = true;
                LockSupport.parkNanos(this, LEARNER_NAP_NS);
                napping = false;
            } else {
                asleep = true;
                // again, since the stream thread may not have seen that it has to wake this one
                if (counters.get(TAKEN) == number && !closed) {
                    LockSupport.park(this);
                }
                asleep = false;
            }
        }
        return !closed;
    }
}
