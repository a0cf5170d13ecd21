package io.millrace.nn.optimizer;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * An optimizer that Millrace does not have, written as one would be that it has: {@code m <- beta m + (1 - beta) g; w -= lr sign(m)}
 * (Bernstein et al., 2018). Keeps one array, {@code m}.
 *
 * @param beta how much of the mean gradient survives a step, in [0, 1)
 */
public record Signum(double beta) implements Optimizer {
    static final Hyperparameter<Double> BETA =
            Hyperparameter.number("beta", 0.9, NumberRange.FRACTION, "decay of the mean gradient.");

    public static final Algorithm<Optimizer> ALGORITHM =
            new Algorithm<>("signum", "steps of one size.", options -> new Signum(options.get(BETA)), BETA);

    /** Checks the range. */
    public Signum {
        BETA.require(beta);
    }

    @Override
    public String name() {
        return ALGORITHM.name();
    }

    @Override
    public int moments() {
        return 1;
    }

    @Override
    public void update(
            float[] parameters, float[] gradient, float[][] moments, int from, int to, float learningRate, long step) {
        float[] m = moments[0];
        for (int i = from; i < to; i++) {
            m[i] = Math.fma((float) beta, m[i] - gradient[i], gradient[i]) + FLUSH - FLUSH;
            parameters[i] -= learningRate * Math.signum(m[i]);
        }
    }
}
