package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.Options;

/**
 * Stairs: {@code max(first factor^floor(k / every), last)} after {@code k} updates. Options: {@code rate} is {@code first},
 * {@code last_rate} is a hundredth of it by default, {@code factor} is {@value #DEFAULT_FACTOR} by default, {@code every} has no
 * default.
 *
 * @param first rate of the first {@code every} updates, {@code > 0}
 * @param last the rate falls no further, {@code > 0}, at most {@code first}
 * @param factor of one step, in (0, 1]
 * @param every updates between two steps, {@code >= 1}
 */
public record StepDecay(double first, double last, double factor, long every) implements Schedule {
    /** {@value}. */
    public static final String NAME = "step";

    /** {@value}. */
    public static final double DEFAULT_FACTOR = 0.5;

    /** Checks the ranges. */
    public StepDecay {
        Hyperparameter.requireRate("rate", first);
        Hyperparameter.requireRate("last_rate", last);
        Hyperparameter.requireAtMost("last_rate", last, "rate", first);
        Hyperparameter.requirePart("factor", factor);
        Hyperparameter.requireCount("every", every);
    }

    static StepDecay of(Options options) {
        double first = options.number("rate");
        return new StepDecay(
                first,
                options.number("last_rate", DEFAULT_LAST_PART * first),
                options.number("factor", DEFAULT_FACTOR),
                options.count("every"));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float learningRate(long updates) {
        // StrictMath: Math.pow may differ in the last bit between platforms
        return (float) Math.max(first * StrictMath.pow(factor, updates / every), last);
    }
}
