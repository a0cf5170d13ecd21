package io.millrace.nn.penalty;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Lasso penalty, {@code coefficient sum |w|}, with gradient {@code coefficient sign(w)}, 0 at 0.
 *
 * @param coefficient {@code >= 0}
 */
public record L1(double coefficient) implements Penalty {
    static final Hyperparameter<Double> COEFFICIENT = Hyperparameter.number(
            "l1",
            0,
            NumberRange.RATE_OR_NONE,
            "coefficient of the penalty l1 * sum of the weights' magnitudes; biases have no penalty.");

    static final Algorithm<Penalty> ALGORITHM = new Algorithm<>(
            "l1",
            "pulls all weights towards zero with the same strength.",
            options -> new L1(options.get(COEFFICIENT)),
            COEFFICIENT);

    /** Checks the range. */
    public L1 {
        COEFFICIENT.require(coefficient);
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

    /** Adds nothing: the second derivative is 0 except at the kink at 0. */
    @Override
    public void addHessianProduct(float[] direction, float[] product, int from, int to) {}
}
