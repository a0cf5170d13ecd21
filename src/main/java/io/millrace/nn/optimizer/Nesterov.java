package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * Nesterov's accelerated gradient with a real look-ahead (Sutskever et al., 2013): {@code g} is taken at {@code th + alpha v};
 * {@code v <- alpha v - eps g; th += v}. Keeps one array, the velocity {@code v}. The look-ahead costs a second forward pass of
 * each step, because losses and scores are those of {@code th}; {@link NesterovTorch} saves it.
 *
 * @param alpha how much velocity survives a step, in [0, 1)
 */
public record Nesterov(double alpha) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "nesterov";

    /** Checks the range. */
    public Nesterov {
        Hyperparameter.requireDecay("alpha", alpha);
    }

    static Nesterov of(Options options) {
        return new Nesterov(options.number("alpha", Momentum.DEFAULT_ALPHA));
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
    public void lookAhead(float[] parameters, float[][] moments, float[] ahead) {
        advance(parameters, moments[0], ahead, (float) alpha);
    }

    private static void advance(float[] w, float[] v, float[] ahead, float alpha) {
        for (int i = 0; i < w.length; i++) {
            ahead[i] = Math.fma(alpha, v[i], w[i]);
        }
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        Momentum.descend(parameters, gradient, moments[0], from, to, (float) alpha, -learningRate);
    }
}
