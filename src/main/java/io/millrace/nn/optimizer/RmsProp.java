package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.ScalarKernels;

/**
 * RMSProp, {@code r <- rho r + (1 - rho) g^2; w -= lr g / (sqrt(r) + epsilon)} (Tieleman and Hinton, Coursera lecture 6.5, 2012).
 * Keeps one array, the mean square {@code r}.
 *
 * @param rho fraction of the mean square that a step keeps, in [0, 1)
 * @param epsilon keeps the denominator from zero, {@code > 0}
 * @param epsilonInsideSqrt divide by {@code sqrt(r + epsilon)} (Goodfellow et al., "Deep Learning", algorithm 8.5) rather than by
 *     {@code sqrt(r) + epsilon}
 */
public record RmsProp(double rho, double epsilon, boolean epsilonInsideSqrt) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "rmsprop";

    private static final Kernels PLAIN = new ScalarKernels();

    static final Hyperparameter<Double> RHO =
            Hyperparameter.number("rho", 0.99, NumberRange.FRACTION, "decay of the mean squared gradient.");

    static final Hyperparameter<Double> EPSILON =
            Hyperparameter.number("epsilon", 1e-8, NumberRange.POSITIVE, "keeps the divisor away from zero.");

    static final Hyperparameter<Boolean> EPSILON_INSIDE_SQRT = Hyperparameter.flag(
            "epsilon_inside_sqrt", false, "whether to divide by sqrt(r + epsilon) instead of sqrt(r) + epsilon.");

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "divides the gradient by the root of the mean squared gradient.",
            options -> new RmsProp(options.get(RHO), options.get(EPSILON), options.get(EPSILON_INSIDE_SQRT)),
            RHO,
            EPSILON,
            EPSILON_INSIDE_SQRT);

    /** Checks the ranges. */
    public RmsProp {
        RHO.require(rho);
        EPSILON.require(epsilon);
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
        update(PLAIN, parameters, gradient, moments, from, to, learningRate);
    }

    @Override
    public void update(
            Kernels kernels,
            float[] parameters,
            float[] gradient,
            float[][] moments,
            Ranges ranges,
            float learningRate,
            long step) {
        for (int i = 0; i < ranges.size(); i++) {
            update(kernels, parameters, gradient, moments, ranges.from(i), ranges.to(i), learningRate);
        }
    }

    private void update(
            Kernels kernels,
            float[] parameters,
            float[] gradient,
            float[][] moments,
            int from,
            int to,
            float learningRate) {
        kernels.rmsProp(from, to, parameters, gradient, moments[0], oneMinusRho(), inside(), outside(), -learningRate);
    }

    @Override
    public OuterUpdate outerUpdate(float[][] moments) {
        return new OuterRmsProp(this, moments[0]);
    }

    float oneMinusRho() {
        return (float) (1 - rho);
    }

    /** Added to the mean square. */
    float inside() {
        return epsilonInsideSqrt ? (float) epsilon : 0f;
    }

    /** Added to its root. */
    float outside() {
        return epsilonInsideSqrt ? 0f : (float) epsilon;
    }
}
