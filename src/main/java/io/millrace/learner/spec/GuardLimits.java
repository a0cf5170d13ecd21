package io.millrace.learner.spec;

/**
 * Limits beyond which a learner refuses to learn. It always refuses losses, gradients and weights that are not finite.
 *
 * @param maxConsecutive number of refused mini-batches in a row after which the learner returns to the last good weights; 0: never
 * @param lossFactor a mini-batch is refused if its mean loss is more than this many times the usual loss; 0: no limit, else above 1
 * @param outlierFactor an example is refused if one of its numbers is more than this many times the largest so far; 0: no limit, else
 *     above 1
 */
public record GuardLimits(int maxConsecutive, double lossFactor, double outlierFactor) {
    /** No limits: refuses only values that are not finite, and never returns. */
    public static final GuardLimits NONE = new GuardLimits(0, 0, 0);

    /** Checks the ranges. */
    public GuardLimits {
        require(maxConsecutive >= 0, "maxConsecutive", maxConsecutive, "at least 0");
        require(lossFactor == 0 || lossFactor > 1, "lossFactor", lossFactor, "0, or a number above 1");
        require(outlierFactor == 0 || outlierFactor > 1, "outlierFactor", outlierFactor, "0, or a number above 1");
    }

    private static void require(boolean valid, String name, Number value, String range) {
        if (!valid) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give " + range);
        }
    }
}
