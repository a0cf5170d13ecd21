package io.millrace.topology.training;

import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.TrainingEvent;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Learns in a thread of its own, so that the stream thread can read on. One ring of {@value #CAPACITY} records leads from the stream thread to this
 * one; the order, and so every bit, is that of the records. A full ring makes the stream thread wait. The counters are written with a release
 * and read with an acquire, as in Lamport's queue (1983), so that {@link #await} sees all that was learned. Allocates nothing for a record.
 */
final class LearnerThread implements RecordLearner {
    /** Records on their way; a power of two. */
    private static final int CAPACITY = 1024;
    /** The learner's counter moves at least each so many records: each move takes a cache line from the other processor. */
    private static final int SHOWN_EVERY = 64;
    /** Some microseconds: longer than a record takes at full speed, too short to disturb others. */
    private static final int SPINS = 300;

    private static final long NAP_NS = 20_000;

    private final RecordLearner learner;
    private final FixedKeyRecord<RecordKey, byte[]>[] records;
    private final long[] positions = new long[CAPACITY];
    private final Thread thread;
    private long room = CAPACITY; // of the stream thread: number of records from which on the ring may be full
    private volatile long taken;
    private volatile long learned;
    private volatile boolean asleep; // whether the learner's thread waits to be woken
    private volatile boolean closed;
    private volatile Throwable fault; // what ended the learner's thread

    /** @param learner what the thread calls */
    @SuppressWarnings({"unchecked", "rawtypes"})
    LearnerThread(RecordLearner learner, String name) {
        this.learner = learner;
        records = new FixedKeyRecord[CAPACITY];
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether a second processor is there to run the thread. */
    static boolean pays() {
        return Runtime.getRuntime().availableProcessors() > 1;
    }

    /** @throws RuntimeException or Error: what an earlier record has caused */
    @Override
    public void learn(FixedKeyRecord<RecordKey, byte[]> record, long position) {
        long number = taken;
        if (number >= room) {
            awaitLearned(number - CAPACITY + 1);
            room = learned + CAPACITY;
        }
        int at = (int) number & CAPACITY - 1;
        records[at] = record;
        positions[at] = position;
        taken = number + 1;
        if (asleep) {
            LockSupport.unpark(thread);
        }
        requireSound();
    }

    @Override
    public void await() {
        awaitLearned(taken);
        requireSound();
    }

    private void awaitLearned(long count) {
        for (int spins = 0; learned < count; spins++) {
            requireSound();
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
                long end = taken;
                while (next < end && !closed) {
                    int at = (int) next & CAPACITY - 1;
                    learner.learn(records[at], positions[at]);
                    records[at] = null;
                    next++;
                    if (next % SHOWN_EVERY == 0) {
                        learned = next;
                    }
                }
                learned = next;
            }
        } catch (RuntimeException | Error e) {
            fault = e;
        }
    }

    /** Returns whether there is a record with this number; false: the thread is to end. */
    private boolean awaitTaken(long number) {
        for (int spins = 0; taken == number && !closed; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                asleep = true;
                if (taken == number
                        && !closed) { // else the stream thread may not have seen that it has to wake this one
                    LockSupport.park(this);
                }
                asleep = false;
            }
        }
        return !closed;
    }
}
