package io.millrace.nn.optimizer;

/** Stochastic gradient descent, {@code th -= eps g} (Robbins and Monro, 1951). Keeps nothing. */
public record Sgd() implements Optimizer {
    /** {@value}. */
    public static final String NAME = "sgd";

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
