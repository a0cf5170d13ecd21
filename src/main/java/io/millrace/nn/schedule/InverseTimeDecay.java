package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * {@code first / (1 + decay k)} after {@code k} updates. The rates sum to infinity and their squares do not, the conditions under
 * which stochastic gradient descent converges on a stream that does not drift (Robbins and Monro, 1951).
 *
 * @param first rate of the first update, {@code > 0}
 * @param decay reciprocal of the number of updates after which the rate is half the first one, in (0, 1]
 */
public record InverseTimeDecay(double first, double decay) implements Schedule {
    /** {@value}. */
    public static final String NAME = "inverse_time";

    static final Hyperparameter<Double> DECAY =
            Hyperparameter.number("decay", 1e-4, NumberRange.PART, "rate / (1 + decay * steps).");

    static final Algorithm<Schedule> ALGORITHM = new Algorithm<>(
            NAME,
            "falls with the reciprocal of the number of steps, for streams that do not drift.",
            options -> new InverseTimeDecay(options.get(RATE), options.get(DECAY)),
            RATE,
            DECAY);

    /** Checks the ranges. */
    public InverseTimeDecay {
        RATE.require(first);
        DECAY.require(decay);
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
