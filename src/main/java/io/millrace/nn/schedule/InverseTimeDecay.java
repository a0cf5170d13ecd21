package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * {@code first / (1 + decay k)} after {@code k} updates. The rates sum to infinity and their squares do not, the conditions under
 * which stochastic gradient descent converges on a stream that does not drift (Robbins and Monro, 1951). Options: {@code rate} is
 * {@code first}, {@code decay} has no default.
 *
 * @param first rate of the first update, {@code > 0}
 * @param decay reciprocal of the updates that halve the first rate, in (0, 1]
 */
public record InverseTimeDecay(double first, double decay) implements Schedule {
    /** {@value}. */
    public static final String NAME = "inverse_time";

    /** Checks the ranges. */
    public InverseTimeDecay {
        Hyperparameter.requireRate("rate", first);
        Hyperparameter.requirePart("decay", decay);
    }

    static InverseTimeDecay of(Options options) {
        return new InverseTimeDecay(options.number("rate"), options.number("decay"));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float learningRate(long updates) {
        return Math.max((float) (first / (1 + decay * updates)), Float.MIN_NORMAL);
    }
}
