package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;
import java.util.Map;

/**
 * The learning rate as a function of the number of updates. Implementations are immutable values. The rate depends, to the last bit, only
 * on this number, so a checkpoint needs only {@code Trainer.steps()}. A stream has no end, so no rate falls to zero: schedules that would
 * reach zero stop at a last rate.
 */
public interface Schedule {
    /** The hyper-parameter that each schedule has. */
    Hyperparameter<Double> RATE =
            Hyperparameter.required("rate", NumberRange.RATE, "Learning rate: the scale of a step.");

    /** The last rate as a fraction of the first, for decays made by name (Goodfellow et al., "Deep Learning", 8.3.1): {@value}. */
    double LAST_PART = 0.01;

    /** How long decays take by default, in steps: {@value}. */
    long MANY_STEPS = 100_000;

    /** The last rate of a decay that is made by name. It is not below the least rate, which a small first rate can come near. */
    static double last(double first) {
        return Math.max(LAST_PART * first, NumberRange.LEAST);
    }

    /** The lower-case name that {@link #of} knows. */
    String name();

    /**
     * The rate of the next update, {@code > 0}.
     *
     * @param updates number of updates so far, {@code >= 0}: {@code Trainer.steps()}
     */
    float learningRate(long updates);

    /**
     * The schedule with this name.
     *
     * @param options hyper-parameters as text by name; {@code rate}, the first or largest learning rate, is required; for the others
     *     see each schedule
     * @throws IllegalArgumentException if the name, an option or a value is unknown, or an option without default is missing
     */
    static Schedule of(String name, Map<String, String> options) {
        return Schedules.FAMILY.create(name, options);
    }
}
