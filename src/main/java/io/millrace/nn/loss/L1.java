package io.millrace.nn.loss;

import io.millrace.nn.algorithm.Hyperparameter;

/**
 * Lasso penalty, {@code coefficient sum |w|}, with gradient {@code coefficient sign(w)}, 0 at 0.
 *
 * @param coefficient {@code >= 0}
 */
public record L1(double coefficient) implements Penalty {
    /** Checks the range. */
    public L1 {
        Hyperparameter.requireNotNegative("l1", coefficient);
    }

    @Override
    public double value(float[] weights, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += Math.abs(weights[i]);
        }
        return coefficient * sum;
    }

    @Override
    public void addGradient(float[] weights, float[] gradient, int from, int to) {
        add(weights, gradient, from, to, (float) coefficient);
    }

    private static void add(float[] w, float[] g, int from, int to, float coefficient) {
        for (int i = from; i < to; i++) {
            g[i] = Math.fma(coefficient, Math.signum(w[i]), g[i]);
        }
    }

    /** Adds nothing: the penalty is straight but for its kink at 0. */
    @Override
    public void addHessianProduct(float[] direction, float[] product, int from, int to) {}
}
