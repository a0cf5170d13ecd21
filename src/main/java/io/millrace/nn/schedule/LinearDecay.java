package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * Linear decay to a floor, {@code (1 - a) first + a last} with {@code a = min(k / tau, 1)} after {@code k} updates (Goodfellow et
 * al., "Deep Learning", equation 8.14). Options: {@code rate} is {@code first}, {@code last_rate} is a hundredth of it by
 * default, {@code tau} has no default.
 *
 * @param first rate of the first update, {@code > 0}
 * @param last rate from update {@code tau} on, {@code > 0}
 * @param tau updates that the decay takes, {@code >= 1}
 */
public record LinearDecay(double first, double last, long tau) implements Schedule {
    /** {@value}. */
    public static final String NAME = "linear";

    /** Checks the ranges. */
    public LinearDecay {
        Hyperparameter.requireRate("rate", first);
        Hyperparameter.requireRate("last_rate", last);
        Hyperparameter.requireCount("tau", tau);
    }

    static LinearDecay of(Options options) {
        double first = options.number("rate");
        return new LinearDecay(first, options.number("last_rate", DEFAULT_LAST_PART * first), options.count("tau"));
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
