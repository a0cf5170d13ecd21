package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Linear decay to a floor, {@code (1 - a) first + a last} with {@code a = min(k / tau, 1)} after {@code k} updates (Goodfellow et
 * al., "Deep Learning", equation 8.14).
 *
 * @param first rate of the first update, {@code > 0}
 * @param last rate from update {@code tau} on, {@code > 0}
 * @param tau updates that the decay takes, {@code >= 1}
 */
public record LinearDecay(double first, double last, long tau) implements Schedule {
    /** {@value}. */
    public static final String NAME = "linear";

    static final Hyperparameter<Long> TAU =
            Hyperparameter.count("tau", MANY_STEPS, NumberRange.atLeast(1), "steps until the end.");

    static final Algorithm<Schedule> ALGORITHM = new Algorithm<>(
            NAME, "falls linearly to a hundredth.", options -> of(options.get(RATE), options.get(TAU)), RATE, TAU);

    /** Checks the ranges. */
    public LinearDecay {
        RATE.require(first);
        NumberRange.RATE.require("last", last);
        TAU.require(tau);
    }

    private static LinearDecay of(double first, long tau) {
        return new LinearDecay(first, Schedule.last(first), tau);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float learningRate(long updates) {
        double a = Math.min((double) updates / tau, 1);
        return (float) ((1 - a) * first + a * last);
    }
}
