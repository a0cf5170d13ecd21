package io.millrace.learner.spec;

import io.millrace.nn.optimizer.Clipping;
import io.millrace.nn.optimizer.Optimizer;
import io.millrace.nn.penalty.Penalty;
import io.millrace.nn.schedule.Schedule;
import java.util.List;

/**
 * Settings of an optimizer step.
 *
 * @param optimizer turns gradients into steps
 * @param schedule learning rate as a function of the number of steps
 * @param penalties added to the loss
 * @param clipping limits the gradient, which includes the penalties
 */
public record Optimization(Optimizer optimizer, Schedule schedule, List<Penalty> penalties, Clipping clipping) {
    /** Copies the list of penalties. */
    public Optimization {
        penalties = List.copyOf(penalties);
    }

    /** Without penalties and clipping. */
    public Optimization(Optimizer optimizer, Schedule schedule) {
        this(optimizer, schedule, List.of(), Clipping.NONE);
    }
}
