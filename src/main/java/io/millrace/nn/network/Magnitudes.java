package io.millrace.nn.network;

/**
 * Limits that keep a step finite. A gradient below {@link #GRADIENT} leaves squares that float holds, and, with learning rates up to 1e6, the most that the configuration takes,
 * and momentum up to 0.999999, moves no parameter by more than 1e27; so parameters that were below {@link #WEIGHT} at the
 * last look, at most {@link #LOOK_EVERY} steps ago, are finite, and it need not be each step that looks at all of them.
 */
final class Magnitudes {
    /** Bound of an element of the gradient, by the largest factors of its sum. */
    static final double GRADIENT = 1e15;

    /** Bound of a parameter. */
    static final float WEIGHT = 1e15f;

    /** Steps between two looks at the parameters, a power of two. */
    static final int LOOK_EVERY = 64;

    private Magnitudes() {}
}
