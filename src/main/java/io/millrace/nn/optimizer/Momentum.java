package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Gradient descent with momentum, {@code v <- alpha v - lr g; w += v} (Polyak, 1964). Keeps one array, the velocity {@code v}.
 *
 * @param alpha fraction of the velocity that a step keeps, in [0, 1)
 */
public record Momentum(double alpha) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "momentum";

    static final Hyperparameter<Double> ALPHA = Hyperparameter.number(
            "alpha", 0.9, NumberRange.FRACTION, "fraction of the last step that is added to the next.");

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME, "adds a fraction of the last step to the next.", options -> new Momentum(options.get(ALPHA)), ALPHA);

    /** Checks the range. */
    public Momentum {
        ALPHA.require(alpha);
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
        descend(parameters, gradient, moments[0], from, to, (float) alpha, -learningRate);
    }

    static void descend(float[] w, float[] g, float[] v, int from, int to, float alpha, float minusRate) {
        for (int i = from; i < to; i++) {
            float velocity = Math.fma(alpha, v[i], minusRate * g[i]) + FLUSH - FLUSH;
            v[i] = velocity;
            w[i] = w[i] + velocity;
        }
    }
}
