package io.millrace.watch;

import java.util.ArrayDeque;
import java.util.Deque;

/** How a sum of committed offsets grows, as it was seen from time to time. For one thread. */
final class CommitProgress {
    private static final long WINDOW_MS = 10_000;

    private record Sample(long timeMs, long committed) {}

    private final Deque<Sample> samples = new ArrayDeque<>(); // of the window, and one before it
    private long grownMs; // time at which the newest sum was first seen

    void add(long timeMs, long committed) {
        if (samples.isEmpty() || samples.peekLast().committed() != committed) {
            grownMs = timeMs;
        }
        samples.add(new Sample(timeMs, committed));
        while (samples.size() > 2 && timeMs - secondMs() >= WINDOW_MS) {
            samples.remove();
        }
    }

    private long secondMs() {
        return samples.stream().skip(1).findFirst().orElseThrow().timeMs();
    }

    /** How long the newest sum has been seen, ms. */
    long stillMs() {
        return samples.isEmpty() ? 0 : samples.peekLast().timeMs() - grownMs;
    }

    /** Offsets committed a second over the last ten seconds; null while there is only one sum, or the offsets were moved back. */
    Double perSecond() {
        if (samples.size() < 2) {
            return null;
        }
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        return last.committed() < first.committed()
                ? null
                : 1000.0 * (last.committed() - first.committed()) / (last.timeMs() - first.timeMs());
    }
}
