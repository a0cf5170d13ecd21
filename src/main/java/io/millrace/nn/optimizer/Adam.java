package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;
import io.millrace.nn.algorithm.Options;

/**
 * Adam (Kingma and Ba, 2015): {@code m <- beta1 m + (1 - beta1) g; v <- beta2 v + (1 - beta2) g^2;
 * w -= lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)}. Keeps two arrays, {@code m} and {@code v}.
 *
 * @param beta1 fraction of the mean gradient that a step keeps, in [0, 1)
 * @param beta2 fraction of the mean square that a step keeps, in [0, 1)
 * @param epsilon keeps the denominator from zero, {@code > 0}
 */
public record Adam(double beta1, double beta2, double epsilon) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "adam";

    static final Hyperparameter<Double> BETA1 =
            Hyperparameter.number("beta1", 0.9, NumberRange.FRACTION, "decay of the mean gradient.");

    static final Hyperparameter<Double> BETA2 =
            Hyperparameter.number("beta2", 0.999, NumberRange.FRACTION, "decay of the mean squared gradient.");

    static final Hyperparameter<Double> EPSILON =
            Hyperparameter.number("epsilon", 1e-8, NumberRange.POSITIVE, "keeps the divisor away from zero.");

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "divides the mean gradient by the root of the mean squared gradient, both corrected for their start at zero.",
            Adam::of,
            BETA1,
            BETA2,
            EPSILON);

    /** Checks the ranges. */
    public Adam {
        BETA1.require(beta1);
        BETA2.require(beta2);
        EPSILON.require(epsilon);
    }

    static Adam of(Options options) {
        return new Adam(options.get(BETA1), options.get(BETA2), options.get(EPSILON));
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
                (float) (1 - beta1),
                (float) (1 - beta2),
                (float) (epsilon * root),
                minusRate(learningRate, root, step));
    }

    @Override
    public OuterUpdate outerUpdate(float[][] moments) {
        return new OuterAdam(this, moments);
    }

    /** {@code sqrt(1 - beta2^t)}. Numerator and denominator are multiplied by it, so that the corrections are outside the loop. */
    double root(long step) {
        return StrictMath.sqrt(oneMinusPower(beta2, step));
    }

    float minusRate(float learningRate, double root, long step) {
        return -(float) (learningRate * root / oneMinusPower(beta1, step));
    }

    /** {@code 1 - beta^step}. When {@code beta^step < e^-40} it rounds to 1; skipping the power then saves time in a small network. */
    private static double oneMinusPower(double beta, long step) {
        return (1 - beta) * step > 40 ? 1 : 1 - StrictMath.pow(beta, step); // ln beta <= beta - 1
    }

    private static void descend(
            float[] w,
            float[] g,
            float[] m,
            float[] v,
            int from,
            int to,
            float oneMinusBeta1,
            float oneMinusBeta2,
            float epsilon,
            float minusRate) {
        for (int i = from; i < to; i++) {
            // m + (1 - beta)(g - m): no drift, which separate rounding of beta and 1 - beta would cause
            float mean = Math.fma(oneMinusBeta1, g[i] - m[i], m[i]) + FLUSH - FLUSH;
            float meanSquare = Math.fma(oneMinusBeta2, Math.fma(g[i], g[i], -v[i]), v[i]) + FLUSH - FLUSH;
            m[i] = mean;
            v[i] = meanSquare;
            w[i] = Math.fma(minusRate, mean / ((float) Math.sqrt(meanSquare) + epsilon), w[i]);
        }
    }
}
