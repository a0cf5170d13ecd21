package io.millrace.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How long it takes from a fault until a new version is committed. */
final class Recovery {
    private final List<Long> tookMs = new ArrayList<>();
    private long since = -1; // ns; -1: nothing has happened since the last recovery

    void killed() {
        since = System.nanoTime();
    }

    void recovered() {
        if (since >= 0) {
            tookMs.add((System.nanoTime() - since) / 1_000_000);
            since = -1;
        }
    }

    @Override
    public String toString() {
        if (tookMs.isEmpty()) {
            return "no recovery";
        }
        List<Long> sorted = new ArrayList<>(tookMs);
        Collections.sort(sorted);
        return sorted.size() + " recoveries, median " + sorted.get(sorted.size() / 2) + " ms, max "
                + sorted.get(sorted.size() - 1) + " ms";
    }
}
