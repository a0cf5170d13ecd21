package io.millrace.feature.value;

/**
 * A value as a time. Reused, and for one thread.
 *
 * <p>What a number means is known from its type in Avro. Another number is a time since 1970, in seconds if its magnitude is below 1e11, in
 * milliseconds below 1e14, in microseconds below 1e17, else in nanoseconds; so seconds reach to the year 5138, and milliseconds begin in
 * March 1973. A text is a time of ISO 8601, or such a number.
 */
public final class Moment {
    private static final double SECONDS_BELOW = 1e11;
    private static final double MILLIS_BELOW = 1e14;
    private static final double MICROS_BELOW = 1e17;
    private static final double NANOS_BELOW = 1e20;
    private static final int NANOS = 1_000_000_000;
    private static final long DAY = 86_400;
    private static final int MOST_DIGITS = 18;

    private enum Frame {
        INSTANT,
        LOCAL,
        TIME_OF_DAY
    }

    private final IsoTime iso = new IsoTime();
    private long second;
    private int nano;
    private Frame frame;

    /**
     * Reads a value.
     *
     * @param field its name, for the message
     * @throws BadValueException if it is no time
     */
    public void read(Value value, String field) {
        switch (value.kind()) {
            case WHOLE -> whole(value.whole(), value.timeScale());
            case REAL, NUMERAL, DECIMAL -> real(value, field);
            case TEXT -> text(value, field);
            default -> throw noTime(value, field);
        }
    }

    private void whole(long number, TimeScale scale) {
        switch (scale) {
            case BY_MAGNITUDE -> byMagnitude(number);
            case MILLIS -> set(number, 1_000, Frame.INSTANT);
            case MICROS -> set(number, 1_000_000, Frame.INSTANT);
            case NANOS -> set(number, NANOS, Frame.INSTANT);
            case LOCAL_MILLIS -> set(number, 1_000, Frame.LOCAL);
            case LOCAL_MICROS -> set(number, 1_000_000, Frame.LOCAL);
            case LOCAL_NANOS -> set(number, NANOS, Frame.LOCAL);
            case DATE -> {
                second = number * DAY;
                nano = 0;
                frame = Frame.LOCAL;
            }
            case MILLIS_OF_DAY -> set(number, 1_000, Frame.TIME_OF_DAY);
            case MICROS_OF_DAY -> set(number, 1_000_000, Frame.TIME_OF_DAY);
        }
    }

    private void byMagnitude(long number) {
        set(number, (int) perSecond(Math.abs((double) number)), Frame.INSTANT);
    }

    private static double perSecond(double magnitude) {
        return magnitude < SECONDS_BELOW ? 1 : magnitude < MILLIS_BELOW ? 1e3 : magnitude < MICROS_BELOW ? 1e6 : 1e9;
    }

    private void set(long number, int perSecond, Frame frame) {
        second = Math.floorDiv(number, perSecond);
        nano = (int) Math.floorMod(number, perSecond) * (NANOS / perSecond);
        this.frame = frame;
    }

    private void real(Value value, String field) {
        double number = value.number(field);
        if (!(Math.abs(number) < NANOS_BELOW)) {
            throw noTime(value, field);
        }
        if (number == (long) number) {
            byMagnitude((long) number);
            return;
        }
        double seconds = number / perSecond(Math.abs(number));
        double whole = Math.floor(seconds);
        second = (long) whole;
        nano = Math.min((int) ((seconds - whole) * NANOS), NANOS - 1);
        frame = Frame.INSTANT;
    }

    private void text(Value value, String field) {
        byte[] text = value.bytes();
        int from = value.from();
        int to = value.to();
        if (iso.parse(text, from, to)) {
            second = iso.second();
            nano = iso.nano();
            frame = iso.zoned() ? Frame.INSTANT : iso.dated() ? Frame.LOCAL : Frame.TIME_OF_DAY;
        } else if (isWhole(text, from, to)) {
            long number = 0;
            for (int i = text[from] == '-' ? from + 1 : from; i < to; i++) {
                number = number * 10 + text[i] - '0';
            }
            byMagnitude(text[from] == '-' ? -number : number);
        } else if (Double.isNaN(NumberText.parse(text, from, to))) {
            throw noTime(value, field);
        } else {
            real(value, field);
        }
    }

    private static boolean isWhole(byte[] text, int from, int to) {
        int digits = text[from] == '-' ? from + 1 : from;
        if (digits == to || to - digits > MOST_DIGITS) {
            return false;
        }
        for (int i = digits; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static BadValueException noTime(Value value, String field) {
        return new BadValueException(
                field + " is " + value.shown() + ", no time: a time of ISO 8601 and a number since 1970 are");
    }

    /** Whether there is a date, not only a time of day. */
    public boolean hasDate() {
        return frame != Frame.TIME_OF_DAY;
    }

    /** Seconds since 1970-01-01T00:00 on the clocks of a zone. A time without a zone is what they show. */
    public long localSecond(Zone zone) {
        return frame == Frame.INSTANT ? second + zone.offset(second) : second;
    }

    /** Seconds since 1970, UTC. */
    public long epochSecond(Zone zone) {
        return frame == Frame.LOCAL ? zone.instant(second) : second;
    }

    /** Nanoseconds of the second. */
    public int nano() {
        return nano;
    }

    /** Part of the local day that has passed, from 0 to 1. */
    public double ofDay(Zone zone) {
        return (Math.floorMod(localSecond(zone), DAY) + nano / 1e9) / DAY;
    }

    /** Part of the local week that has passed, which begins on Monday. */
    public double ofWeek(Zone zone) {
        long epochDay = Math.floorDiv(localSecond(zone), DAY);
        return (Math.floorMod(epochDay + 3, 7) + ofDay(zone)) / 7; // 1970-01-01 was a Thursday
    }

    /** Part of the local year that has passed. */
    public double ofYear(Zone zone) {
        long epochDay = Math.floorDiv(localSecond(zone), DAY);
        long year = CivilDate.year(epochDay);
        return (epochDay - CivilDate.epochDay(year, 1, 1) + ofDay(zone)) / (CivilDate.isLeap(year) ? 366 : 365);
    }
}
