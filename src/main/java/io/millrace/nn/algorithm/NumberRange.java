package io.millrace.nn.algorithm;

import java.util.function.DoublePredicate;

/**
 * The range of a hyper-parameter. The bounds keep the number, and products with it, within single precision.
 *
 * @param text description of the range for messages; follows "must be"
 * @param contains whether a number is in the range; false for NaN
 */
public record NumberRange(String text, DoublePredicate contains) {
    /** Smallest positive number. It is not lost in single precision, where it is added to squares of gradients. */
    public static final double LEAST = 1e-30;

    /** Largest learning rate or penalty. A larger one overflows a float within a few steps. */
    private static final double MOST_RATE = 1e6;

    /** A number above 0. */
    public static final NumberRange POSITIVE =
            new NumberRange("1e-30 to 3.4e38", value -> value >= LEAST && value <= Float.MAX_VALUE);

    /** A number of at least 0. */
    public static final NumberRange NOT_NEGATIVE =
            new NumberRange("0, or 1e-30 to 3.4e38", value -> value == 0 || POSITIVE.contains.test(value));

    /** A learning rate. */
    public static final NumberRange RATE =
            new NumberRange("1e-30 to 1e6", value -> value >= LEAST && value <= MOST_RATE);

    /** The coefficient of a penalty or of a decay; 0: none. */
    public static final NumberRange RATE_OR_NONE =
            new NumberRange("0, or 1e-30 to 1e6", value -> value == 0 || RATE.contains.test(value));

    /** A number in [0, 1). */
    public static final NumberRange FRACTION =
            new NumberRange("at least 0 and below 1", value -> value >= 0 && value < 1);

    /** A number in (0, 1]. */
    public static final NumberRange PART = new NumberRange("above 0, at most 1", value -> value > 0 && value <= 1);

    /** A number in (0, 1), also when rounded to float. */
    public static final NumberRange BETWEEN_0_AND_1 =
            new NumberRange("above 0 and below 1", value -> value >= LEAST && (float) value < 1);

    /** A whole number of at least {@code least}. */
    public static NumberRange atLeast(long least) {
        return new NumberRange("at least " + least, value -> value >= least);
    }

    /**
     * Refuses a number that is not in the range.
     *
     * @throws IllegalArgumentException with the name, the number and the range
     */
    public void require(String name, double value) {
        if (!contains.test(value)) {
            throw outOfRange(name, value, text);
        }
    }

    /** Refuses a count that is not in the range, as {@link #require(String, double)}. */
    public void require(String name, long value) {
        if (!contains.test(value)) {
            throw outOfRange(name, value, text);
        }
    }

    /** Refuses a number above another one. */
    public static void requireAtMost(String name, double value, String limitName, double limit) {
        if (!(value <= limit)) {
            throw outOfRange(name, value, "at most " + limitName + " = " + limit);
        }
    }

    private static IllegalArgumentException outOfRange(String name, Number value, String range) {
        return new IllegalArgumentException(name + " = " + value + " is out of range: it must be " + range);
    }
}
