package io.millrace.watch;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A value that is made anew at most once in a while, however many ask for it.
 *
 * @param <T> type of the value
 */
final class Remembered<T> implements Supplier<T> {
    private final Supplier<T> source;
    private final long whileMs;
    private final LongSupplier clock;
    private T value; // null before the first question
    private long madeAt;

    /**
     * @param source makes it
     * @param whileMs how long it is given to others, ms
     * @param clock ms, never going back
     */
    Remembered(Supplier<T> source, long whileMs, LongSupplier clock) {
        this.source = source;
        this.whileMs = whileMs;
        this.clock = clock;
    }

    @Override
    public synchronized T get() {
        long now = clock.getAsLong();
        if (value == null || now - madeAt >= whileMs) {
            value = source.get();
            madeAt = now;
        }
        return value;
    }
}
