package io.millrace.feature.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The offset of a place's clocks from UTC. The changes until 2100 are in arrays, because {@code java.time} allocates for each question; later, the
 * last offset holds.
 */
public final class Zone {
    private static final Instant LAST = Instant.parse("2100-01-01T00:00:00Z");

    /** {@code UTC}. */
    public static final Zone UTC = of("UTC");

    private final String id;
    private final long[] changes; // seconds since 1970, ascending
    private final int[] offsets; // seconds, one more than changes: offsets[i] holds before changes[i]

    private Zone(String id, long[] changes, int[] offsets) {
        this.id = id;
        this.changes = changes;
        this.offsets = offsets;
    }

    /**
     * The zone with this name.
     *
     * @param id a name of the tz database, such as {@code Europe/Berlin}, or an offset, such as {@code +02:00}
     * @throws DateTimeException if there is none
     */
    public static Zone of(String id) {
        ZoneRules rules = ZoneId.of(id).getRules();
        List<ZoneOffsetTransition> transitions = new ArrayList<>();
        ZoneOffsetTransition next = rules.nextTransition(Instant.MIN);
        while (next != null && next.getInstant().isBefore(LAST)) {
            transitions.add(next);
            next = rules.nextTransition(next.getInstant());
        }
        int[] offsets = new int[transitions.size() + 1];
        offsets[0] = rules.getOffset(Instant.MIN).getTotalSeconds();
        for (int i = 0; i < transitions.size(); i++) {
            offsets[i + 1] = transitions.get(i).getOffsetAfter().getTotalSeconds();
        }
        long[] changes = transitions.stream()
                .mapToLong(ZoneOffsetTransition::toEpochSecond)
                .toArray();
        return new Zone(id, changes, offsets);
    }

    /** Version of the tz database of this JVM, for example {@code 2024a}. Other versions may give other offsets. */
    public static String dataVersion() {
        return ZoneRulesProvider.getVersions("Europe/London").lastEntry().getKey();
    }

    /** Whether its clocks ever change. Then an offset depends on the rules of the tz database, and they on its version. */
    public boolean changes() {
        return changes.length > 0;
    }

    /** The offset of the clocks at this instant, in seconds. */
    int offset(long epochSecond) {
        int found = Arrays.binarySearch(changes, epochSecond);
        return offsets[found >= 0 ? found + 1 : -found - 1];
    }

    /**
     * The instant at which the clocks show this time. If they show it twice, it is the earlier one; if they leave it out, it is later by
     * what they leave out, as in {@link java.time.ZonedDateTime#ofLocal}.
     *
     * @param localSecond seconds since 1970-01-01T00:00 on the clock
     * @return seconds since 1970, UTC
     */
    long instant(long localSecond) {
        int low = 0;
        int high = changes.length;
        while (low < high) { // the first change at which the clock shows a later time, before it and after it
            int middle = low + high >>> 1;
            if (localSecond < changes[middle] + offsets[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        boolean leftOut = low > 0 && localSecond - offsets[low] < changes[low - 1];
        return localSecond - offsets[leftOut ? low - 1 : low];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Zone zone && zone.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id;
    }
}
