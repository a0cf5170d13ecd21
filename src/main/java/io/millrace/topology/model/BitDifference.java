package io.millrace.topology.model;

import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;

/** Finds the first place where a snapshot and its replay differ, bit by bit. The result is a sentence without subject and full stop. */
public final class BitDifference {
    private BitDifference() {}

    /** Compares a setting of the snapshot with that of the configuration. */
    public static Optional<String> setting(String what, Object snapshot, Object configured) {
        return snapshot.equals(configured)
                ? Optional.empty()
                : Optional.of("has " + what + " " + snapshot + ", its configuration gives " + configured);
    }

    /** Compares arrays of floats, such as running averages; {@code what} is the name of one of them. */
    public static Optional<String> floats(String what, float[] snapshot, float[] replay) {
        return floats(what, at -> what + " " + at, snapshot, replay);
    }

    /**
     * Compares arrays of floats.
     *
     * @param what name of one of them
     * @param place name of the one at an index
     */
    public static Optional<String> floats(String what, IntFunction<String> place, float[] snapshot, float[] replay) {
        int common = Math.min(snapshot.length, replay.length);
        for (int i = 0; i < common; i++) {
            int one = Float.floatToRawIntBits(snapshot[i]);
            int other = Float.floatToRawIntBits(replay[i]);
            if (one != other) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "differs first in %s: snapshot %s (0x%08x), replay %s (0x%08x)",
                        place.apply(i),
                        snapshot[i],
                        one,
                        replay[i],
                        other));
            }
        }
        return lengths(what, snapshot.length, replay.length);
    }

    /** Compares arrays of doubles; {@code what} is the name of one of them. */
    public static Optional<String> doubles(String what, double[] snapshot, double[] replay) {
        return doubles(what, at -> what + " " + at, snapshot, replay);
    }

    /** Compares arrays of doubles; the arguments are those of {@link #floats(String, IntFunction, float[], float[])}. */
    public static Optional<String> doubles(String what, IntFunction<String> place, double[] snapshot, double[] replay) {
        int common = Math.min(snapshot.length, replay.length);
        for (int i = 0; i < common; i++) {
            Optional<String> difference = number(place.apply(i), snapshot[i], replay[i]);
            if (difference.isPresent()) {
                return difference;
            }
        }
        return lengths(what, snapshot.length, replay.length);
    }

    /** Compares two doubles. */
    public static Optional<String> number(String place, double snapshot, double replay) {
        long one = Double.doubleToRawLongBits(snapshot);
        long other = Double.doubleToRawLongBits(replay);
        return one == other
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "differs first in %s: snapshot %s (0x%016x), replay %s (0x%016x)",
                        place,
                        snapshot,
                        one,
                        replay,
                        other));
    }

    private static Optional<String> lengths(String what, int snapshot, int replay) {
        return snapshot == replay
                ? Optional.empty()
                : Optional.of("has " + snapshot + " " + what + "s, the replay " + replay);
    }
}
