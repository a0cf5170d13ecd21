package io.millrace.bench.pass;

import java.util.Arrays;

/** Times from a request to its answer, in milliseconds. */
public record Latencies(double[] sortedMillis) {
    /** @param nanos in any order */
    public static Latencies ofNanos(long[] nanos) {
        return new Latencies(
                Arrays.stream(nanos).sorted().mapToDouble(each -> each / 1e6).toArray());
    }

    /** @param percent above 0, at most 100; nearest-rank */
    public double percentile(double percent) {
        return sortedMillis[(int) Math.ceil(percent / 100 * sortedMillis.length) - 1];
    }

    /** {@return the longest, in milliseconds} */
    public double max() {
        return sortedMillis[sortedMillis.length - 1];
    }

    /** {@return how many answers were timed} */
    public int count() {
        return sortedMillis.length;
    }
}
