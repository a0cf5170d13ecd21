package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;

/**
 * Nesterov's accelerated gradient with a real look-ahead (Sutskever et al., 2013): {@code g} is taken at {@code w + alpha v};
 * {@code v <- alpha v - lr g; w += v}. Keeps one array, the velocity {@code v}. The look-ahead costs a second forward pass in
 * each step, because losses and scores are those of {@code w}; {@link NesterovTorch} does not need it.
 *
 * @param alpha fraction of the velocity that a step keeps, in [0, 1)
 */
public record Nesterov(double alpha) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "nesterov";

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "momentum with the gradient at the look-ahead position, which needs a second forward pass.",
            options -> new Nesterov(options.get(Momentum.ALPHA)),
            Momentum.ALPHA);

    /** Checks the range. */
    public Nesterov {
        Momentum.ALPHA.require(alpha);
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
    public boolean looksAhead() {
        return true;
    }

    @Override
    public void lookAhead(float[] parameters, float[][] moments, float[] ahead, int from, int to) {
        advance(parameters, moments[0], ahead, from, to, (float) alpha);
    }

    private static void advance(float[] w, float[] v, float[] ahead, int from, int to, float alpha) {
        for (int i = from; i < to; i++) {
            ahead[i] = Math.fma(alpha, v[i], w[i]);
        }
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        Momentum.descend(parameters, gradient, moments[0], from, to, (float) alpha, -learningRate);
    }
}
