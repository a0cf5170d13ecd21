package io.millrace.feature.value;

/** Dates of the Gregorian calendar and the days since 1970-01-01, without objects (Hinnant, "chrono-compatible date algorithms"). */
final class CivilDate {
    private static final int ERA_DAYS = 146_097; // in 400 years
    private static final int FROM_MARCH_0000 = 719_468; // to 1970-01-01

    private CivilDate() {}

    /** Days in a month. */
    static int days(int year, int month) {
        return switch (month) {
            case 2 -> isLeap(year) ? 29 : 28;
            case 4, 6, 9, 11 -> 30;
            default -> 31;
        };
    }

    static boolean isLeap(long year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** Days since 1970-01-01. */
    static long epochDay(long year, int month, int day) {
        long fromMarch = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(fromMarch, 400);
        long ofEra = fromMarch - era * 400;
        int monthFromMarch = (month + 9) % 12;
        long ofYear = (153L * monthFromMarch + 2) / 5 + day - 1;
        return era * ERA_DAYS + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - FROM_MARCH_0000;
    }

    /** The year of a day. */
    static long year(long epochDay) {
        long day = epochDay + FROM_MARCH_0000;
        long era = Math.floorDiv(day, ERA_DAYS);
        long ofEra = day - era * ERA_DAYS;
        long yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        long ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        boolean januaryOrFebruary = ofYear >= 306;
        return yearOfEra + era * 400 + (januaryOrFebruary ? 1 : 0);
    }
}
