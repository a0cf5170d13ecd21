package io.millrace.cli.inference;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The usual spellings of dates and times, all of digits. Nothing depends on a locale. A text without an offset from UTC is
 * read as UTC.
 */
public enum TimeSpelling {
    /** ISO 8601, also with a space for the T: 2024-03-01T12:30:00Z. */
    ISO("(?<y>\\d{4})-(?<m>\\d{2})-(?<d>\\d{2})"),
    /** With slashes, points or single digits: 2024/3/1 12:30. */
    YEAR_FIRST("(?<y>\\d{4})(?<sep>[-/.])(?<m>\\d{1,2})\\k<sep>(?<d>\\d{1,2})"),
    /** 01.03.2024 12:30, and with slashes or hyphens. */
    DAY_FIRST("(?<d>\\d{1,2})(?<sep>[-/.])(?<m>\\d{1,2})\\k<sep>(?<y>\\d{4})"),
    /** 3/1/2024 12:30 PM, and with hyphens. */
    MONTH_FIRST("(?<m>\\d{1,2})(?<sep>[-/])(?<d>\\d{1,2})\\k<sep>(?<y>\\d{4})");

    /** What {@link #millis} returns for a text that is no time. */
    public static final long NO_TIME = Long.MIN_VALUE;

    private static final String TIME_OF_DAY =
            "(?:(?:T|\\s+)(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?"
                    + "(?:\\s?(?<half>[AaPp])[Mm])?"
                    + "\\s?(?<zone>Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)?)?";
    private static final int SHORTEST = 8;
    private static final int LONGEST = 40;
    private static final int NOON = 12;

    private final Pattern pattern;

    TimeSpelling(String date) {
        pattern = Pattern.compile(date + TIME_OF_DAY);
    }

    /** Milliseconds since 1970 in UTC; {@link #NO_TIME} if the text is no time in this spelling. */
    public long millis(String text) {
        if (text.length() < SHORTEST || text.length() > LONGEST) {
            return NO_TIME;
        }
        Matcher found = pattern.matcher(text);
        if (!found.matches()) {
            return NO_TIME;
        }
        try {
            LocalDateTime local = LocalDateTime.of(
                    number(found, "y"),
                    number(found, "m"),
                    number(found, "d"),
                    hour(found),
                    number(found, "minute"),
                    number(found, "second"),
                    nanos(found.group("fraction")));
            return local.toInstant(zone(found.group("zone"))).toEpochMilli();
        } catch (DateTimeException e) { // a 13th month, a 30th of February
            return NO_TIME;
        }
    }

    /** Whether the text gives a time of day, not only a date. */
    public boolean hasTimeOfDay(String text) {
        return text.indexOf(':') >= 0;
    }

    private static int number(Matcher found, String group) {
        String digits = found.group(group);
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static int hour(Matcher found) {
        int hour = number(found, "hour");
        String half = found.group("half");
        if (half == null) {
            return hour;
        }
        if (hour < 1 || hour > NOON) {
            throw new DateTimeException("no hour of half a day: " + hour);
        }
        return hour % NOON + (half.equalsIgnoreCase("p") ? NOON : 0);
    }

    private static int nanos(String fraction) {
        return fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    }

    private static ZoneOffset zone(String zone) {
        return zone == null || zone.equals("UTC") || zone.equals("GMT") ? ZoneOffset.UTC : ZoneOffset.of(zone);
    }
}
