package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * AdaGrad, {@code r <- r + g^2; th -= eps g / (sqrt(r) + delta)} (Duchi, Hazan and Singer, 2011). Keeps one array, the sum of
 * squares {@code r}. Its steps only shrink: not for streams whose concept drifts.
 *
 * @param delta keeps the denominator from zero, {@code > 0}
 */
public record AdaGrad(double delta) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "adagrad";

    /** {@value}. */
    public static final double DEFAULT_DELTA = 1e-7;

    /** Checks the range. */
    public AdaGrad {
        Hyperparameter.requirePositive("delta", delta);
    }

    static AdaGrad of(Options options) {
        return new AdaGrad(options.number("delta", DEFAULT_DELTA));
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
        descend(parameters, gradient, moments[0], from, to, (float) delta, -learningRate);
    }

    private static void descend(float[] w, float[] g, float[] r, int from, int to, float delta, float minusRate) {
        for (int i = from; i < to; i++) {
            float sum = Math.fma(g[i], g[i], r[i]) + FLUSH - FLUSH;
            r[i] = sum;
            w[i] = Math.fma(minusRate, g[i] / ((float) Math.sqrt(sum) + delta), w[i]);
        }
    }
}
