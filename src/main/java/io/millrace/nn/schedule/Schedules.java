package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Registry;

/** The schedules that can be chosen by name: a new one adds a line. */
final class Schedules {
    static final Registry<Schedule> BY_NAME = new Registry<Schedule>("schedule")
            .add(ConstantRate.NAME, ConstantRate::of)
            .add(LinearDecay.NAME, LinearDecay::of)
            .add(InverseTimeDecay.NAME, InverseTimeDecay::of)
            .add(StepDecay.NAME, StepDecay::of)
            .add(CosineDecay.NAME, CosineDecay::of);

    private Schedules() {}
}
