package io.millrace.config;

import static io.millrace.config.Validators.fraction;
import static io.millrace.config.Validators.notNegative;
import static io.millrace.config.Validators.positive;
import static io.millrace.config.Validators.rate;
import static io.millrace.config.Validators.rateOrNone;
import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/** How it is learned. */
final class TrainingSettings {
    static final String OPTIMIZER = "optimizer";
    static final String LEARNING_RATE = "learning.rate";

    static final String BATCH_SIZE = "batch.size";
    static final String BATCH_WINDOW_MS = "batch.window.ms";
    static final String BATCH_MAX_ADVANCE = "batch.window.max.advance";

    static final String SCHEDULE = "schedule";
    static final String L2 = "regularization.l2";
    static final String L1 = "regularization.l1";
    static final String DROPOUT_INPUT = "dropout.input";
    static final String DROPOUT_HIDDEN = "dropout.hidden";
    static final String CLIP_VALUE = "gradient.clip.value";
    static final String CLIP_NORM = "gradient.clip.norm";

    private static final long TEN_YEARS_MS = 315_360_000_000L;
    private static final int MANY_STEPS = 100_000;

    private TrainingSettings() {}

    static void define(Definition d) {
        d.group("Learning");
        d.define(
                OPTIMIZER,
                STRING,
                "rmsprop",
                ValidString.in("sgd", "momentum", "nesterov", "nesterov_torch", "adagrad", "rmsprop", "adam", "adamw"),
                HIGH,
                "Optimizer that turns the gradient of a mini-batch into a step.");
        d.define(LEARNING_RATE, DOUBLE, 0.002, rate(), HIGH, "Learning rate: the scale of a step.");
        d.option(OPTIMIZER, "momentum.alpha", DOUBLE, 0.9, fraction(), "share of the last step kept in the next.");
        d.option(OPTIMIZER, "nesterov.alpha", DOUBLE, 0.9, fraction(), "share of the last step kept in the next.");
        d.option(
                OPTIMIZER, "nesterov_torch.alpha", DOUBLE, 0.9, fraction(), "share of the last step kept in the next.");
        d.option(OPTIMIZER, "adagrad.delta", DOUBLE, 1e-7, positive(), "keeps the divisor away from zero.");
        d.option(OPTIMIZER, "rmsprop.rho", DOUBLE, 0.99, fraction(), "decay of the mean squared gradient.");
        d.option(OPTIMIZER, "rmsprop.delta", DOUBLE, 1e-8, positive(), "keeps the divisor away from zero.");
        d.option(
                OPTIMIZER,
                "rmsprop.delta.inside.sqrt",
                BOOLEAN,
                false,
                null,
                "divide by sqrt(r + delta) and not by sqrt(r) + delta.");
        for (String adam : new String[] {"adam", "adamw"}) {
            d.option(OPTIMIZER, adam + ".rho1", DOUBLE, 0.9, fraction(), "decay of the mean gradient.");
            d.option(OPTIMIZER, adam + ".rho2", DOUBLE, 0.999, fraction(), "decay of the mean squared gradient.");
            d.option(OPTIMIZER, adam + ".delta", DOUBLE, 1e-8, positive(), "keeps the divisor away from zero.");
        }
        d.option(
                OPTIMIZER,
                "adamw.weight.decay",
                DOUBLE,
                0.01,
                rateOrNone(),
                "share of each weight that a step takes away, times the learning rate.");
        d.define(
                SCHEDULE,
                STRING,
                "constant",
                ValidString.in("constant", "linear", "inverse_time", "step", "cosine"),
                MEDIUM,
                "How the learning rate changes with the optimizer steps made, from learning.rate on. A stream that may drift wants"
                        + " constant; linear, step and cosine end at a hundredth and stay there.");
        d.option(SCHEDULE, "linear.tau", INT, MANY_STEPS, Range.atLeast(1), "steps until the end.");
        d.option(SCHEDULE, "inverse_time.decay", DOUBLE, 1e-4, positive(), "rate / (1 + decay * steps).");
        d.option(SCHEDULE, "step.every", INT, MANY_STEPS, Range.atLeast(1), "steps between two stairs.");
        d.option(SCHEDULE, "step.factor", DOUBLE, 0.5, fraction(), "what a stair multiplies the rate by.");
        d.option(SCHEDULE, "cosine.tau", INT, MANY_STEPS, Range.atLeast(1), "steps until the end.");
        d.option(
                SCHEDULE,
                "cosine.warm.up",
                INT,
                0,
                Range.atLeast(0),
                "steps in which the rate rises from near zero first.");
        d.define(L2, DOUBLE, 0.0, rateOrNone(), MEDIUM, "Penalty l2/2 * sum of squared weights; biases are free.");
        d.define(
                L1, DOUBLE, 0.0, rateOrNone(), MEDIUM, "Penalty l1 * sum of the weights' magnitudes; biases are free.");
        d.define(
                DROPOUT_INPUT,
                DOUBLE,
                0.0,
                fraction(),
                MEDIUM,
                "Probability that a step leaves a feature out. Predictions, and the evaluation, leave none out.");
        d.define(DROPOUT_HIDDEN, DOUBLE, 0.0, fraction(), MEDIUM, "Probability that a step leaves a hidden unit out.");
        d.define(
                CLIP_VALUE,
                DOUBLE,
                0.0,
                notNegative(),
                MEDIUM,
                "Largest magnitude of an element of the gradient; larger ones are cut to it. 0: none is cut.");
        d.define(
                CLIP_NORM,
                DOUBLE,
                0.0,
                notNegative(),
                MEDIUM,
                "Largest L2 norm of the gradient, after gradient.clip.value; a longer one is scaled to it. 0: none is.");
        d.define(
                BATCH_SIZE,
                INT,
                1,
                Range.between(1, 65536),
                HIGH,
                "Examples of a mini-batch; each takes one optimizer step. 1 adapts quickest to a drifting stream, 16 to 64 learn"
                        + " several times as many examples a second.");
        d.define(
                BATCH_WINDOW_MS,
                LONG,
                60_000L,
                Range.between(1, TEN_YEARS_MS),
                MEDIUM,
                "A mini-batch that is not full closes when a record arrives whose event time is this many ms past its first"
                        + " example. Event time alone counts, so the same stream gives the same batches at any speed.");
        d.define(
                BATCH_MAX_ADVANCE,
                INT,
                5,
                Range.atLeast(0),
                LOW,
                "How many windows one example alone can move the time of the stream on: a wrong clock far ahead must not keep windows"
                        + " open. What the next example confirms is believed, however far ahead, so a stream may pause. 0: any distance.");
    }
}
