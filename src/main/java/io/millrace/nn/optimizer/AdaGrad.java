package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * AdaGrad, {@code r <- r + g^2; w -= lr g / (sqrt(r) + epsilon)} (Duchi, Hazan and Singer, 2011). Keeps one array, the sum of
 * squares {@code r}. Its steps only shrink, so it does not suit streams that drift.
 *
 * @param epsilon keeps the denominator from zero, {@code > 0}
 */
public record AdaGrad(double epsilon) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "adagrad";

    static final Hyperparameter<Double> EPSILON =
            Hyperparameter.number("epsilon", 1e-7, NumberRange.POSITIVE, "keeps the divisor away from zero.");

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "divides the gradient by the root of the sum of all squared gradients, so that steps only shrink.",
            options -> new AdaGrad(options.get(EPSILON)),
            EPSILON);

    /** Checks the range. */
    public AdaGrad {
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
        descend(parameters, gradient, moments[0], from, to, (float) epsilon, -learningRate);
    }

    private static void descend(float[] w, float[] g, float[] r, int from, int to, float epsilon, float minusRate) {
        for (int i = from; i < to; i++) {
            float sum = Math.fma(g[i], g[i], r[i]) + FLUSH - FLUSH;
            r[i] = sum;
            w[i] = Math.fma(minusRate, g[i] / ((float) Math.sqrt(sum) + epsilon), w[i]);
        }
    }
}
