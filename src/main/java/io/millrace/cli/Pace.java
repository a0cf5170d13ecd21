package io.millrace.cli;

import java.util.concurrent.locks.LockSupport;

/** Holds a loop back to so many turns a second. */
final class Pace {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final long start = System.nanoTime();

    /** @param perSecond turns a second; null for no limit */
    Pace(Double perSecond) {
        if (perSecond != null && !(perSecond > 0)) {
            throw new UsageException("--rate must be above 0, not " + perSecond + ".");
        }
        this.perSecond = perSecond == null ? Double.POSITIVE_INFINITY : perSecond;
    }

    /** Returns when the turn of this number, counted from 0, is due. */
    void await(long turn) {
        if (perSecond == Double.POSITIVE_INFINITY) {
            return;
        }
        long due = start + (long) (turn / perSecond * NANOS);
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
        }
    }
}
