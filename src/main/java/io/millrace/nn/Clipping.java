package io.millrace.nn;

/**
 * Clipping by the global norm (Pascanu, Mikolov and Bengio, 2013): a gradient whose L2 norm, over all parameters and with the
 * penalties, exceeds {@code maxNorm} is scaled down to it.
 *
 * @param maxNorm {@code > 0}; infinite for no clipping
 */
public record Clipping(double maxNorm) {
    /** Leaves every gradient as it is. */
    public static final Clipping NONE = new Clipping(Double.POSITIVE_INFINITY);

    /** Checks the range. */
    public Clipping {
        if (!(maxNorm > 0)) {
            throw new IllegalArgumentException("the largest norm is " + maxNorm + ": give a number > 0");
        }
    }

    /** Whether any gradient can be too long. */
    boolean active() {
        return maxNorm < Double.POSITIVE_INFINITY;
    }

    /** Scales the gradient, whose norm is {@code norm}. Allocates nothing. */
    void clip(float[] gradient, double norm) {
        if (norm > maxNorm) {
            scale(gradient, (float) (maxNorm / norm));
        }
    }

    private static void scale(float[] gradient, float factor) {
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] *= factor;
        }
    }
}
