package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;

/**
 * Nesterov momentum as in PyTorch's {@code SGD(nesterov=True)}: {@code u <- alpha u + g; w -= lr (g + alpha u)}. A step needs one
 * gradient, at {@code w}. The path differs from that of {@link Nesterov}. Keeps one array, {@code u}.
 *
 * @param alpha fraction of {@code u} that a step keeps, in [0, 1)
 */
public record NesterovTorch(double alpha) implements Optimizer {
    /** {@value}. */
    public static final String NAME = "nesterov_torch";

    static final Algorithm<Optimizer> ALGORITHM = new Algorithm<>(
            NAME,
            "Nesterov momentum as in PyTorch, with one forward pass.",
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
