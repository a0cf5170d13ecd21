package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * Adam (Kingma and Ba, 2015): {@code s <- rho1 s + (1 - rho1) g; r <- rho2 r + (1 - rho2) g^2;
 * th -= eps (s / (1 - rho1^t)) / (sqrt(r / (1 - rho2^t)) + delta)}. Keeps two arrays, {@code s} and {@code r}.
 *
 * @param rho1 how much of the mean gradient survives a step, in [0, 1)
 * @param rho2 how much of the mean square survives a step, in [0, 1)
 * @param delta keeps the denominator from zero, {@code > 0}
 */
public record Adam(double rho1, double rho2, double delta) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "adam";

    /** {@value}. */
    public static final double DEFAULT_RHO1 = 0.9;

    /** {@value}. */
    public static final double DEFAULT_RHO2 = 0.999;

    /** {@value}. */
    public static final double DEFAULT_DELTA = 1e-8;

    /** Checks the ranges. */
    public Adam {
        Hyperparameter.requireDecay("rho1", rho1);
        Hyperparameter.requireDecay("rho2", rho2);
        Hyperparameter.requirePositive("delta", delta);
    }

    static Adam of(Options options) {
        return new Adam(
                options.number("rho1", DEFAULT_RHO1),
                options.number("rho2", DEFAULT_RHO2),
                options.number("delta", DEFAULT_DELTA));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int moments() {
        return 2;
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        double root = root(step);
        descend(
                parameters,
                gradient,
                moments[0],
                moments[1],
                from,
                to,
                (float) (1 - rho1),
                (float) (1 - rho2),
                (float) (delta * root),
                minusRate(learningRate, root, step));
    }

    @Override
    public OuterUpdate outerUpdate(float[][] moments) {
        return new OuterAdam(this, moments);
    }

    /** {@code sqrt(1 - rho2^t)}. The fraction is multiplied by it above and below, so that the corrections leave the loop. */
    double root(long step) {
        return StrictMath.sqrt(oneMinusPower(rho2, step));
    }

    float minusRate(float learningRate, double root, long step) {
        return -(float) (learningRate * root / oneMinusPower(rho1, step));
    }

    /** {@code 1 - rho^step}. Once {@code rho^step < e^-40} that rounds to 1, and a small network feels the time of a power. */
    private static double oneMinusPower(double rho, long step) {
        return (1 - rho) * step > 40 ? 1 : 1 - StrictMath.pow(rho, step); // ln rho <= rho - 1
    }

    private static void descend(
            float[] w,
            float[] g,
            float[] s,
            float[] r,
            int from,
            int to,
            float oneMinusRho1,
            float oneMinusRho2,
            float delta,
            float minusRate) {
        for (int i = from; i < to; i++) {
            // s + (1 - rho)(g - s): no drift from rho and 1 - rho being rounded apart
            float mean = Math.fma(oneMinusRho1, g[i] - s[i], s[i]) + FLUSH - FLUSH;
            float meanSquare = Math.fma(oneMinusRho2, Math.fma(g[i], g[i], -r[i]), r[i]) + FLUSH - FLUSH;
            s[i] = mean;
            r[i] = meanSquare;
            w[i] = Math.fma(minusRate, mean / ((float) Math.sqrt(meanSquare) + delta), w[i]);
        }
    }
}
