package io.millrace.feature;

/**
 * Sine and cosine of a part of a cycle, with the same bits on every JVM. The part is reduced to an eighth of the cycle around the nearest
 * quarter, which is exact; {@link StrictMath} would reduce the angle itself, less exactly, and on newer JVMs with an array for it.
 */
final class Cycle {
    private Cycle() {}

    /** @param part 0 to 1 */
    static double sin(double part) {
        int quarter = nearestQuarter(part);
        double angle = angle(part, quarter);
        return switch (quarter & 3) {
            case 0 -> StrictMath.sin(angle);
            case 1 -> StrictMath.cos(angle);
            case 2 -> 0.0 - StrictMath.sin(angle); // not -0.0
            default -> -StrictMath.cos(angle);
        };
    }

    /** @param part 0 to 1 */
    static double cos(double part) {
        int quarter = nearestQuarter(part);
        double angle = angle(part, quarter);
        return switch (quarter & 3) {
            case 0 -> StrictMath.cos(angle);
            case 1 -> 0.0 - StrictMath.sin(angle);
            case 2 -> -StrictMath.cos(angle);
            default -> StrictMath.sin(angle);
        };
    }

    private static int nearestQuarter(double part) {
        return (int) Math.rint(4 * part);
    }

    /** At most an eighth of a turn in either direction. */
    private static double angle(double part, int quarter) {
        return 2 * Math.PI * (part - quarter / 4.0);
    }
}
