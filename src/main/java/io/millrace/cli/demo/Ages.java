package io.millrace.cli.demo;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Counts ages, for their quantiles. An age is kept to three digits, so the memory has a limit, whatever the number of ages. */
final class Ages {
    /** Leading bits that are kept: an age is rounded down by less than a 512th. */
    private static final int BITS = 10;

    private final NavigableMap<Long, Long> counts = new TreeMap<>();
    private long count;

    /** @param age at least 0 */
    void add(long age) {
        int dropped = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(age) - BITS);
        counts.merge(age >> dropped << dropped, 1L, Long::sum);
        count++;
    }

    /**
     * The age that a fraction of all ages does not exceed; nearest-rank.
     *
     * @param fraction above 0, at most 1
     * @return 0 if there are none
     */
    long quantile(double fraction) {
        long left = (long) Math.ceil(fraction * count);
        for (Map.Entry<Long, Long> each : counts.entrySet()) {
            left -= each.getValue();
            if (left <= 0) {
                return each.getKey();
            }
        }
        return 0;
    }
}
