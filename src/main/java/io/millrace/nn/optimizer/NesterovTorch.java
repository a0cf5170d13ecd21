package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;

/**
 * Nesterov momentum as PyTorch's {@code SGD(nesterov=True)} has it: {@code u <- alpha u + g; w -= lr (g + alpha u)}. One
 * gradient, at {@code w}, a step; not the same path as {@link Nesterov}. Keeps one array, {@code u}.
 *
 * @param alpha how much of {@code u} survives a step, in [0, 1)
 */
public record NesterovTorch(double alpha) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "nesterov_torch";

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "Nesterov momentum as PyTorch has it, by one pass.",
            options -> new NesterovTorch(options.get(Momentum.ALPHA)),
            Momentum.ALPHA);

    /** Checks the range. */
    public NesterovTorch {
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
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        descend(parameters, gradient, moments[0], from, to, (float) alpha, -learningRate);
    }

    private static void descend(float[] w, float[] g, float[] u, int from, int to, float alpha, float minusRate) {
        for (int i = from; i < to; i++) {
            float sum = Math.fma(alpha, u[i], g[i]) + FLUSH - FLUSH;
            u[i] = sum;
            w[i] = Math.fma(minusRate, Math.fma(alpha, sum, g[i]), w[i]);
        }
    }
}
