package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * RMSProp, {@code r <- rho r + (1 - rho) g^2; th -= eps g / (sqrt(r) + delta)} (Tieleman and Hinton, Coursera lecture 6.5, 2012).
 * Keeps one array, the mean square {@code r}.
 *
 * @param rho how much of the mean square survives a step, in [0, 1)
 * @param delta keeps the denominator from zero, {@code > 0}
 * @param deltaInsideSqrt divide by {@code sqrt(r + delta)} (Goodfellow et al., "Deep Learning", algorithm 8.5) rather than by
 *     {@code sqrt(r) + delta}
 */
public record RmsProp(double rho, double delta, boolean deltaInsideSqrt) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "rmsprop";

    /** {@value}. */
    public static final double DEFAULT_RHO = 0.99;

    /** {@value}. */
    public static final double DEFAULT_DELTA = 1e-8;

    /** {@value}. */
    public static final boolean DEFAULT_DELTA_INSIDE_SQRT = false;

    /** Checks the ranges. */
    public RmsProp {
        Hyperparameter.requireDecay("rho", rho);
        Hyperparameter.requirePositive("delta", delta);
    }

    static RmsProp of(Options options) {
        return new RmsProp(
                options.number("rho", DEFAULT_RHO),
                options.number("delta", DEFAULT_DELTA),
                options.flag("delta_inside_sqrt", DEFAULT_DELTA_INSIDE_SQRT));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int moments() {
        return 1;
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        float inside = deltaInsideSqrt ? (float) delta : 0f;
        float outside = deltaInsideSqrt ? 0f : (float) delta;
        descend(parameters, gradient, moments[0], from, to, (float) (1 - rho), inside, outside, -learningRate);
    }

    private static void descend(
            float[] w,
            float[] g,
            float[] r,
            int from,
            int to,
            float oneMinusRho,
            float inside,
            float outside,
            float minusRate) {
        for (int i = from; i < to; i++) {
            // r + (1 - rho)(g^2 - r): no drift from rho and 1 - rho being rounded apart
            float meanSquare = Math.fma(oneMinusRho, Math.fma(g[i], g[i], -r[i]), r[i]) + FLUSH - FLUSH;
            r[i] = meanSquare;
            w[i] = Math.fma(minusRate, g[i] / ((float) Math.sqrt(meanSquare + inside) + outside), w[i]);
        }
    }
}
