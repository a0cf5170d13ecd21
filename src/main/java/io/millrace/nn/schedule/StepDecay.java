package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;

/**
 * Step decay: {@code max(first factor^floor(k / every), last)} after {@code k} updates.
 *
 * @param first rate of the first {@code every} updates, {@code > 0}
 * @param last lowest rate, {@code > 0}, at most {@code first}
 * @param factor factor of one drop, in (0, 1]
 * @param every number of updates between two drops, {@code >= 1}
 */
public record StepDecay(double first, double last, double factor, long every) implements Schedule {
    /** {@value}. */
    public static final String NAME = "step";

    static final Hyperparameter<Long> EVERY =
            Hyperparameter.count("every", MANY_STEPS, NumberRange.atLeast(1), "steps between two drops of the rate.");

    static final Hyperparameter<Double> FACTOR =
            Hyperparameter.number("factor", 0.5, NumberRange.PART, "factor of each drop.");

    static final Algorithm<Schedule> ALGORITHM = new Algorithm<>(
            NAME,
            "falls in drops to a hundredth.",
            options -> of(options.get(RATE), options.get(FACTOR), options.get(EVERY)),
            RATE,
            EVERY,
            FACTOR);

    /** Checks the ranges. */
    public StepDecay {
        RATE.require(first);
        NumberRange.RATE.require("last", last);
        NumberRange.requireAtMost("last", last, "first", first);
        FACTOR.require(factor);
        EVERY.require(every);
    }

    private static StepDecay of(double first, double factor, long every) {
        return new StepDecay(first, Schedule.last(first), factor, every);
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
