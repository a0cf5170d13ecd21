package io.millrace.nn.optimizer;

/**
 * Limits the gradient of the objective, which already includes the penalties. First each element is clipped to
 * {@code [-maxValue, maxValue]}. Then, if the L2 norm of the result over all parameters exceeds {@code maxNorm}, the gradient is scaled
 * down to it (Pascanu, Mikolov and Bengio, 2013). Clipping by norm keeps the direction. Clipping by value does not, but it prevents that
 * one very large element makes the step of all others tiny. NaN stays NaN.
 *
 * @param maxValue {@code > 0}; infinite for no clipping by value
 * @param maxNorm {@code > 0}; infinite for no clipping by norm
 */
public record Clipping(double maxValue, double maxNorm) {
    /** Leaves every gradient as it is. */
    public static final Clipping NONE = new Clipping(Double.POSITIVE_INFINITY);

    /** Checks the ranges. */
    public Clipping {
        requirePositive("value", maxValue);
        requirePositive("norm", maxNorm);
    }

    /** Clipping by norm only. */
    public Clipping(double maxNorm) {
        this(Double.POSITIVE_INFINITY, maxNorm);
    }

    private static void requirePositive(String what, double limit) {
        if (!(limit > 0)) {
            throw new IllegalArgumentException("the largest " + what + " is " + limit + ": give a number > 0");
        }
    }

    private boolean clipsValues() {
        return maxValue < Double.POSITIVE_INFINITY;
    }

    private boolean clipsNorm() {
        return maxNorm < Double.POSITIVE_INFINITY;
    }

    /** Whether {@link #clip} uses its parameter {@code norm}. */
    public boolean needsNorm() {
        return clipsNorm() && !clipsValues();
    }

    /**
     * Clips the gradient. Allocates nothing.
     *
     * @param ranges the ranges of the gradient that are not zero
     * @param norm norm of the gradient before clipping; not used unless {@link #needsNorm}
     */
    public void clip(float[] gradient, Ranges ranges, double norm) {
        if (clipsValues()) {
            for (int i = 0; i < ranges.size(); i++) {
                clampValues(gradient, ranges.from(i), ranges.to(i), (float) maxValue);
            }
        }
        if (clipsNorm()) {
            double length = clipsValues() ? GradientNorm.of(gradient, ranges) : norm;
            if (length > maxNorm) {
                for (int i = 0; i < ranges.size(); i++) {
                    scale(gradient, ranges.from(i), ranges.to(i), (float) (maxNorm / length));
                }
            }
        }
    }

    private static void clampValues(float[] gradient, int from, int to, float limit) {
        for (int i = from; i < to; i++) {
            gradient[i] = Math.max(-limit, Math.min(limit, gradient[i]));
        }
    }

    private static void scale(float[] gradient, int from, int to, float factor) {
        for (int i = from; i < to; i++) {
            gradient[i] *= factor;
        }
    }
}
