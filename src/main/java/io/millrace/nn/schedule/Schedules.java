package io.millrace.nn.schedule;

import io.millrace.nn.algorithm.Family;
import java.util.List;

/** The schedules that can be chosen by name. A new one needs one line here. */
public final class Schedules {
    /** All of them. */
    public static final Family<Schedule> FAMILY = new Family<>(
            "schedule",
            List.of(
                    ConstantRate.ALGORITHM,
                    LinearDecay.ALGORITHM,
                    InverseTimeDecay.ALGORITHM,
                    StepDecay.ALGORITHM,
                    CosineDecay.ALGORITHM));

    private Schedules() {}
}
