package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;
import java.util.Map;

/**
 * The learning rate as a function of the updates made. Implementations are immutable values, and functions of nothing but the
 * count, to the last bit, so that a checkpoint needs no more than {@code Trainer.steps()}. A stream has no end, so no rate falls
 * to zero: those that would otherwise stop at a last rate.
 */
public interface Schedule {
    /** The hyper-parameter that each schedule has. */
    Hyperparameter<Double> RATE =
            Hyperparameter.required("rate", NumberRange.RATE, "Learning rate: the scale of a step.");

    /** Part of the first rate at which decays stop when made by name (Goodfellow et al., "Deep Learning", 8.3.1): {@value}. */
    double LAST_PART = 0.01;

    /** How long decays take by default, in steps: {@value}. */
    long MANY_STEPS = 100_000;

    /** The lower-case name that {@link #of} knows. */
    String name();

    /**
     * The rate of the update after {@code updates} of them, {@code > 0}.
     *
     * @param updates made so far, {@code >= 0}: {@code Trainer.steps()}
     */
    float learningRate(long updates);

    /**
     * The schedule of that name.
     *
     * @param options hyper-parameters as text by name; {@code rate}, the first or largest learning rate, must be there, for others
     *     see each schedule
     * @throws IllegalArgumentException if the name, an option or a value is unknown, or an option without default is missing
     */
    static Schedule of(String name, Map<String, String> options) {
        return Schedules.FAMILY.create(name, options);
    }
}
