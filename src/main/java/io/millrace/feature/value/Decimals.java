package io.millrace.feature.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** Decimal numbers: as the nearest double, and as the one text that stands for all ways to write the number. */
final class Decimals {
    /** The powers of ten that a double holds exactly. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** Whole numbers up to this one are exact in a double. */
    static final long EXACT = 1L << 53;

    /** More digits than any double has in front of the point or behind it. A text of a number is not longer. */
    private static final int MOST_DIGITS = 400;

    private Decimals() {}

    /** The double nearest to {@code unscaled / 10^scale}. Both operands of the one division are exact (Clinger, 1990). */
    static double nearest(long unscaled, int scale) {
        if (Math.abs(unscaled) <= EXACT && unscaled != Long.MIN_VALUE && Math.abs(scale) < POWERS.length) {
            return scale >= 0 ? unscaled / POWERS[scale] : unscaled * POWERS[-scale];
        }
        return nearest(BigInteger.valueOf(unscaled), scale);
    }

    static double nearest(BigInteger unscaled, int scale) {
        return new BigDecimal(unscaled, scale).doubleValue();
    }

    /**
     * The text of a number: digits, without trailing zeros behind the point, without an exponent.
     *
     * @return UTF-8; null if it would be longer than that of any double
     */
    static byte[] text(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        if (shortest.scale() > MOST_DIGITS || (long) shortest.precision() - shortest.scale() > MOST_DIGITS) {
            return null;
        }
        return shortest.toPlainString().getBytes(StandardCharsets.US_ASCII);
    }

    /** @return as {@link #text(BigDecimal)}, for a number in JSON's form */
    static byte[] text(String number) {
        try {
            return text(new BigDecimal(number));
        } catch (NumberFormatException | ArithmeticException e) { // an exponent that no int holds
            return null;
        }
    }

    /**
     * The exact number if it has at most 17 digits. Else the one with the fewest digits that is nearest to no other double; if the double
     * is the value of a float, to no other float. {@link Double#toString} does not give the same digits on every JVM.
     */
    static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        if (exact.precision() <= 17) {
            return exact;
        }
        boolean single = (float) value == value;
        // 6 and 15 digits survive the way through a float and a double; 9 and 17 always identify one
        for (int digits = single ? 6 : 15; digits < (single ? 9 : 17); digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            boolean same = single ? rounded.floatValue() == (float) value : rounded.doubleValue() == value;
            if (same) {
                return rounded;
            }
        }
        return exact.round(new MathContext(single ? 9 : 17, RoundingMode.HALF_EVEN));
    }
}
