package io.millrace.cli.command;

import io.millrace.cli.console.UsageException;
import java.util.concurrent.locks.LockSupport;

/** Limits a loop to a number of turns a second. */
public final class RateLimiter {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private long start;
    private long turns;

    /** @param perSecond turns a second; null for no limit */
    public RateLimiter(Double perSecond) {
        if (perSecond != null && !(perSecond > 0)) {
            throw new UsageException("--rate must be above 0, not " + perSecond + ".");
        }
        this.perSecond = perSecond == null ? Double.POSITIVE_INFINITY : perSecond;
    }

    /** Returns when the next turn is due, or when the thread is interrupted. The first turn is due at once. */
    public void await() {
        if (perSecond == Double.POSITIVE_INFINITY) {
            return;
        }
        if (turns == 0) {
            start = System.nanoTime();
        }
        long due = start + (long) (turns++ / perSecond * NANOS);
        for (long wait = due - System.nanoTime();
                wait > 0 && !Thread.currentThread().isInterrupted();
                wait = due - System.nanoTime()) {
            LockSupport.parkNanos(wait);
        }
    }
}
