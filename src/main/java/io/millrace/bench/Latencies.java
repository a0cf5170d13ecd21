package io.millrace.bench;

import java.util.Arrays;

/** Times from a request to its answer, in milliseconds. */
record Latencies(double[] sortedMillis) {
    static Latencies ofNanos(long[] nanos) {
        return new Latencies(
                Arrays.stream(nanos).sorted().mapToDouble(each -> each / 1e6).toArray());
    }

    /** @param percent above 0, at most 100; nearest-rank */
    double percentile(double percent) {
        return sortedMillis[(int) Math.ceil(percent / 100 * sortedMillis.length) - 1];
    }

    double max() {
        return sortedMillis[sortedMillis.length - 1];
    }

    int count() {
        return sortedMillis.length;
    }
}
