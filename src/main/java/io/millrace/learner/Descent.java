package io.millrace.learner;

import io.millrace.nn.Clipping;
import io.millrace.nn.Optimizer;
import io.millrace.nn.Penalty;
import io.millrace.nn.Schedule;
import java.util.List;

/**
 * How gradients become steps.
 *
 * @param optimizer turns gradients into steps
 * @param schedule learning rate by the number of steps made
 * @param penalties added to the loss
 * @param clipping bounds the gradient, penalties included
 */
public record Descent(Optimizer optimizer, Schedule schedule, List<Penalty> penalties, Clipping clipping) {
    /** Copies the list of penalties. */
    public Descent {
        penalties = List.copyOf(penalties);
    }

    /** Without penalties and clipping. */
    public Descent(Optimizer optimizer, Schedule schedule) {
        this(optimizer, schedule, List.of(), Clipping.NONE);
    }
}
