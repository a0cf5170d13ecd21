package io.millrace.config;

import static io.millrace.config.Validators.fraction;
import static io.millrace.config.Validators.notNegative;
import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import io.millrace.nn.schedule.Schedule;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** Settings of learning: optimizer, schedule, regularisation and mini-batches. */
final class TrainingSettings {
    static final String OPTIMIZER = "optimizer";
    static final String LEARNING_RATE = "learning.rate";

    static final String BATCH_SIZE = "batch.size";
    static final String BATCH_WINDOW_MS = "batch.window.ms";
    static final String BATCH_MAX_ADVANCE = "batch.window.max.advance";

    static final String SCHEDULE = "schedule";
    static final String REGULARIZATION = "regularization.";
    static final String L2 = REGULARIZATION + "l2";
    static final String DROPOUT_INPUT = "dropout.input";
    static final String DROPOUT_HIDDEN = "dropout.hidden";
    static final String CLIP_VALUE = "gradient.clip.value";
    static final String CLIP_NORM = "gradient.clip.norm";

    private static final long TEN_YEARS_MS = 315_360_000_000L;

    private TrainingSettings() {}

    static void define(Definition d, Algorithms algorithms) {
        d.group("Learning");
        d.define(
                OPTIMIZER,
                STRING,
                "rmsprop",
                ValidString.in(algorithms.optimizer().names()),
                HIGH,
                "Optimizer that turns the gradient of a mini-batch into a step. "
                        + algorithms.optimizer().sentences());
        d.define(LEARNING_RATE, DOUBLE, 0.002, Validators.in(Schedule.RATE.range()), HIGH, Schedule.RATE.sentence());
        algorithms.optimizer().defineOptions(d);
        d.define(
                SCHEDULE,
                STRING,
                "constant",
                ValidString.in(algorithms.schedule().names()),
                MEDIUM,
                "How the learning rate changes with the number of optimizer steps, starting at learning.rate. Use constant for a stream"
                        + " that may drift. "
                        + algorithms.schedule().sentences());
        algorithms.schedule().defineOptions(d);
        algorithms.penalties().forEach(penalty -> penalty.define(d));
        d.define(
                DROPOUT_INPUT,
                DOUBLE,
                0.0,
                fraction(),
                MEDIUM,
                "Probability that a step leaves a feature out. Predictions and the evaluation use all features.");
        d.define(DROPOUT_HIDDEN, DOUBLE, 0.0, fraction(), MEDIUM, "Probability that a step leaves a hidden unit out.");
        d.define(
                CLIP_VALUE,
                DOUBLE,
                0.0,
                notNegative(),
                MEDIUM,
                "Largest magnitude of an element of the gradient. Larger elements are cut to it. 0: no limit.");
        d.define(
                CLIP_NORM,
                DOUBLE,
                0.0,
                notNegative(),
                MEDIUM,
                "Largest L2 norm of the gradient, after gradient.clip.value. A longer gradient is scaled to it. 0: no limit.");
        d.define(
                BATCH_SIZE,
                INT,
                1,
                Range.between(1, 65536),
                HIGH,
                "Number of examples in a mini-batch. Each mini-batch takes one optimizer step. 1 adapts fastest to a drifting stream;"
                        + " 16 to 64 learn several times as many examples per second.");
        d.define(
                BATCH_WINDOW_MS,
                LONG,
                60_000L,
                Range.between(1, TEN_YEARS_MS),
                MEDIUM,
                "A mini-batch that is not full closes when a record arrives whose event time is this many ms after that of its first"
                        + " example. Only event time counts, so the same stream gives the same batches at any speed.");
        d.define(
                BATCH_MAX_ADVANCE,
                INT,
                5,
                Range.atLeast(0),
                LOW,
                "How many windows a single example can move the stream time forward. So one example with a wrong clock far ahead does not"
                        + " keep windows open. A larger jump needs the next example to confirm it, so a stream may pause. 0: no limit.");
    }
}
