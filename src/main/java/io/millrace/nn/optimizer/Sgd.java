package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;

/** Stochastic gradient descent, {@code w -= lr g} (Robbins and Monro, 1951). Keeps nothing. */
public record Sgd() implements Optimizer {
    /** {@value}. */
    public static final String NAME = "sgd";

    static final Algorithm<Optimizer> ALGORITHM =
            new Algorithm<>(NAME, "a step is the negative gradient times the learning rate.", options -> new Sgd());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int moments() {
        return 0;
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        descend(parameters, gradient, from, to, -learningRate);
    }

    private static void descend(float[] w, float[] g, int from, int to, float minusRate) {
        for (int i = from; i < to; i++) {
            w[i] = Math.fma(minusRate, g[i], w[i]);
        }
    }
}
