package io.millrace.watch;

import java.util.Locale;

/** Numbers and ages as the page writes them. */
final class TextNumbers {
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final int DAY = 86_400;

    private TextNumbers() {}

    static String whole(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    /** Four digits or so, whatever the size. */
    static String digits(double number) {
        double size = Math.abs(number);
        if (!Double.isFinite(number)) {
            return "-";
        }
        if (size != 0 && (size < 1e-4 || size >= 1e15)) {
            return String.format(Locale.ROOT, "%.2e", number);
        }
        if (size >= 1000) {
            return whole(number);
        }
        return String.format(Locale.ROOT, size >= 100 ? "%.1f" : size >= 10 ? "%.2f" : "%.4f", number);
    }

    /** @param seconds null: there is none */
    static String age(Double seconds) {
        if (seconds == null) {
            return "not yet";
        }
        if (seconds < 2 * MINUTE) {
            return String.format(Locale.ROOT, seconds < 10 ? "%.1f s" : "%.0f s", seconds);
        }
        return seconds < 2 * HOUR
                ? whole(seconds / MINUTE) + " min"
                : seconds < 2 * DAY ? whole(seconds / HOUR) + " h" : whole(seconds / DAY) + " days";
    }
}
