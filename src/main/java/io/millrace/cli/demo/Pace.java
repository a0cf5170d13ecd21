package io.millrace.cli.demo;

import io.millrace.cli.command.RateLimiter;
import java.util.concurrent.locks.LockSupport;

/** How fast the rows of a demo are sent: a rate, and how far feeding may be ahead of learning. For one thread that sends, and one that watches. */
final class Pace {
    /** A tenth of the possible rate: slow enough to be watched. */
    static final double WATCHABLE_RATE = 20_000;

    /** How long a file lasts: some forty versions are served on the way. */
    private static final double WATCHABLE_SECONDS = 10;

    /** A short file need not last as long. */
    private static final double LEAST_RATE = 1_000;

    /** What is sent in half a second. Commits are more frequent, unless learning is too slow for the rate. */
    private static final double AHEAD_SECONDS = 0.5;

    /** What is learned between two commits, about: more would only make versions older while learning is the slower one. */
    private static final long MOST_AHEAD = 3_000;

    /** A tenth of the stream at most, so that few requests come before the first version, however short it is. */
    private static final long LEAST_VERSIONS = 10;

    private static final long POLL_NANOS = 1_000_000;

    private final Double rate;
    private final long ahead;
    private final RateLimiter limiter;
    private volatile long learned;

    /**
     * @param rate most rows a second; null for no limit
     * @param ahead most rows that are sent and not learned yet
     */
    private Pace(Double rate, long ahead) {
        this.rate = rate;
        this.ahead = ahead;
        limiter = new RateLimiter(rate);
    }

    /** As fast as the broker takes the rows. */
    static Pace unlimited() {
        return new Pace(null, Long.MAX_VALUE);
    }

    /** A rate that was asked for, whether learning keeps up or not. */
    static Pace of(double rate) {
        return new Pace(rate, Long.MAX_VALUE);
    }

    /** Fast enough to be watched, and no faster than learning, so that each answer comes from a recent version. */
    static Pace ofStream(long rows) {
        return watchable(WATCHABLE_RATE, rows);
    }

    /** The same for a file: ten seconds if it is neither short nor long, and learning keeps up. */
    static Pace ofFile(long rows) {
        return watchable(Math.min(WATCHABLE_RATE, Math.max(LEAST_RATE, rows / WATCHABLE_SECONDS)), rows);
    }

    private static Pace watchable(double rate, long rows) {
        double ahead = Math.min(Math.min(AHEAD_SECONDS * rate, MOST_AHEAD), rows / LEAST_VERSIONS);
        return new Pace(rate, Math.max(1, (long) ahead));
    }

    /** Most rows a second; null if there is no limit. */
    Double rate() {
        return rate;
    }

    /** Whether feeding waits for learning, so that no answer comes from a version older than that. */
    boolean waitsForLearning() {
        return ahead < Long.MAX_VALUE;
    }

    /** Returns when a row is due. */
    void await(long row) {
        limiter.await();
        while (row - learned >= ahead) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Tells how many rows are learned, at least. */
    void learned(long rows) {
        learned = rows;
    }
}
