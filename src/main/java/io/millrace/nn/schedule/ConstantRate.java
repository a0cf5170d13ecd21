package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * One learning rate for ever: what a drifting stream needs. Option: {@code rate}.
 *
 * @param rate {@code > 0}
 */
public record ConstantRate(double rate) implements Schedule {
    /** {@value}. */
    public static final String NAME = "constant";

    /** Checks the range. */
    public ConstantRate {
        Hyperparameter.requireRate("rate", rate);
    }

    static ConstantRate of(Options options) {
        return new ConstantRate(options.number("rate"));
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
