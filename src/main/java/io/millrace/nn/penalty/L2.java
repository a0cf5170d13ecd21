package io.millrace.nn.penalty;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Ridge penalty, {@code coefficient / 2 sum w^2}, with gradient {@code coefficient w}.
 *
 * @param coefficient {@code >= 0}
 */
public record L2(double coefficient) implements Penalty {
    static final Hyperparameter<Double> COEFFICIENT = Hyperparameter.number(
            "l2",
            0,
            NumberRange.RATE_OR_NONE,
            "coefficient of the penalty l2/2 * sum of squared weights; biases have no penalty.");

    static final Algorithm<Penalty> ALGORITHM = new Algorithm<>(
            "l2",
            "pulls weights towards zero, large ones more strongly.",
            options -> new L2(options.get(COEFFICIENT)),
            COEFFICIENT);

    /** Checks the range. */
    public L2 {
        COEFFICIENT.require(coefficient);
    }

    @Override
    public double value(float[] weights, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) weights[i] * weights[i];
        }
        return 0.5 * coefficient * sum;
    }

    @Override
    public void addGradient(float[] weights, float[] gradient, int from, int to) {
        add(weights, gradient, from, to, (float) coefficient);
    }

    /** The Hessian is {@code coefficient} times the identity. */
    @Override
    public void addHessianProduct(float[] direction, float[] product, int from, int to) {
        add(direction, product, from, to, (float) coefficient);
    }

    private static void add(float[] w, float[] g, int from, int to, float coefficient) {
        for (int i = from; i < to; i++) {
            g[i] = Math.fma(coefficient, w[i], g[i]);
        }
    }
}
