package io.millrace.nn.network;

/**
 * Limits that keep a step finite. The squares of a gradient below {@link #GRADIENT} fit into a float. With learning rates up to 1e6, the
 * largest that the configuration allows, and momentum up to 0.999999, such a gradient changes no parameter by more than 1e27. So parameters
 * that were below {@link #WEIGHT} at the last check, at most {@link #LOOK_EVERY} steps ago, are finite, and not every step has to check all
 * of them.
 */
final class Magnitudes {
    /** Limit for an element of the gradient, which is estimated from the largest factors of its sum. */
    static final double GRADIENT = 1e15;

    /** Limit for a parameter. */
    static final float WEIGHT = 1e15f;

    /** Number of steps between two checks of the parameters, a power of two. */
    static final int LOOK_EVERY = 64;

    private Magnitudes() {}
}
