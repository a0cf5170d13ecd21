package io.millrace.learner.spec;

/**
 * What a learner refuses to learn. Losses, gradients and weights that are not finite are refused whatever these say.
 *
 * @param maxConsecutive mini-batches refused in a row after which the learner returns to the last good weights; 0 for never
 * @param lossFactor a mini-batch whose mean loss is that many times the usual one is refused; 0 for none, else above 1
 * @param outlierFactor an example with a number that many times the largest so far is refused; 0 for none, else above 1
 */
public record GuardLimits(int maxConsecutive, double lossFactor, double outlierFactor) {
    /** Refuses what is not finite alone, and never returns. */
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
