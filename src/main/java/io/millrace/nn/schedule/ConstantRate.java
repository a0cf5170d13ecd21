package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Algorithm;

/**
 * A constant learning rate, as a drifting stream needs.
 *
 * @param rate {@code > 0}
 */
public record ConstantRate(double rate) implements Schedule {
    /** {@value}. */
    public static final String NAME = "constant";

    static final Algorithm<Schedule> ALGORITHM =
            new Algorithm<>(NAME, "the rate never changes.", options -> new ConstantRate(options.get(RATE)), RATE);

    /** Checks the range. */
    public ConstantRate {
        RATE.require(rate);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float learningRate(long updates) {
        return (float) rate;
    }
}
