package io.millrace.feature.value;

/**
 * Parses times of ISO 8601 as Java, Python, JavaScript and SQL write them, from UTF-8 bytes and without objects: {@code 2024-05-01},
 * {@code 2024-05-01T12:30}, {@code 2024-05-01 12:30:00.123Z}, {@code 2024-05-01T12:30:00+02:00[Europe/Berlin]}, {@code 2024-05-01
 * 12:30:00 UTC}, {@code 12:30}.
 */
final class IsoTime {
    private static final long DAY = 86_400;

    private byte[] text;
    private int at;
    private int end;
    private long second;
    private int nano;
    private boolean dated;
    private boolean zoned;

    /** @return whether the text is a time; then the other methods describe it */
    boolean parse(byte[] text, int from, int to) {
        this.text = text;
        at = from;
        end = to;
        second = 0;
        nano = 0;
        zoned = false;
        dated = to - from > 4 && text[from + 4] == '-';
        if (!dated) {
            return clock() && at == end;
        }
        if (!date()) {
            return false;
        }
        if (at == end) {
            return true;
        }
        boolean separated = text[at] == 'T' || text[at] == 't' || text[at] == ' ';
        at++;
        return separated && clock() && zone() && at == end;
    }

    /** Seconds since 1970-01-01T00:00, in UTC if it is {@link #zoned}; since midnight if it is not {@link #dated}. */
    long second() {
        return second;
    }

    int nano() {
        return nano;
    }

    boolean dated() {
        return dated;
    }

    /** Whether the text names the offset from UTC. */
    boolean zoned() {
        return zoned;
    }

    private boolean date() {
        int year = digits(4);
        boolean first = sign('-');
        int month = digits(2);
        boolean second = sign('-');
        int day = digits(2);
        if (year < 0 || !first || month < 1 || month > 12 || !second || day < 1 || day > CivilDate.days(year, month)) {
            return false;
        }
        this.second = CivilDate.epochDay(year, month, day) * DAY;
        return true;
    }

    private boolean clock() {
        int hour = digits(2);
        boolean first = sign(':');
        int minute = digits(2);
        int ofMinute = 0;
        if (hour < 0 || hour > 23 || !first || minute < 0 || minute > 59) {
            return false;
        }
        if (sign(':')) {
            ofMinute = digits(2);
            if (ofMinute < 0 || ofMinute > 59 || (sign('.') || sign(',')) && !fraction()) {
                return false;
            }
        }
        second += hour * 3600L + minute * 60L + ofMinute;
        return true;
    }

    /** Nanoseconds; further digits are dropped. */
    private boolean fraction() {
        int start = at;
        int unit = 100_000_000;
        for (; at < end && text[at] >= '0' && text[at] <= '9'; at++) {
            nano += (text[at] - '0') * unit;
            unit /= 10;
        }
        return at > start;
    }

    /** An offset, or none; behind it a name in brackets, which adds nothing. */
    private boolean zone() {
        if (at == end) {
            return true;
        }
        zoned = true;
        boolean spaced = sign(' ');
        if (sign('Z') || sign('z')) {
            return bracket();
        }
        if (spaced && end - at == 3 && sign('U') && sign('T') && sign('C')) {
            return true;
        }
        boolean west = sign('-');
        if (!west && !sign('+')) {
            return false;
        }
        int hours = digits(2);
        int minutes = at < end && text[at] != '[' ? minutes() : 0;
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) {
            return false;
        }
        int offset = hours * 3600 + minutes * 60;
        second -= west ? -offset : offset;
        return bracket();
    }

    private int minutes() {
        sign(':');
        return digits(2);
    }

    private boolean bracket() {
        if (at < end && text[at] == '[' && text[end - 1] == ']') {
            at = end;
        }
        return true;
    }

    private boolean sign(char expected) {
        if (at < end && text[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    /** @return a number of so many digits; -1 if there is none */
    private int digits(int count) {
        if (end - at < count) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < count; i++) {
            int digit = text[at++] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
