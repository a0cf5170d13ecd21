package io.millrace.config;

import static io.millrace.config.Validators.factor;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;

import org.apache.kafka.common.config.ConfigDef.Range;

/** Settings of the guard, which refuses examples and mini-batches that must not be learned. */
final class GuardSettings {
    static final String MAX_CONSECUTIVE = "guard.max.consecutive";
    static final String LOSS_FACTOR = "guard.loss.factor";
    static final String OUTLIER_FACTOR = "guard.outlier.factor";

    private GuardSettings() {}

    static void define(Definition d) {
        d.group("Guard");
        d.define(
                MAX_CONSECUTIVE,
                INT,
                10,
                Range.between(0, 1_000_000),
                MEDIUM,
                "The learner refuses a mini-batch whose loss or gradient is not finite or far too large. Its examples go to the dead"
                        + " letters. After this many refusals in a row the learner returns to the weights of the last report without"
                        + " refusals and halves the learning rate. A report says so. Each later report without refusals doubles the rate,"
                        + " up to its normal value. Each checkpoint holds a second copy of the weights for this. 0: the learner never"
                        + " returns.");
        d.define(
                LOSS_FACTOR,
                DOUBLE,
                1e6,
                factor(),
                MEDIUM,
                "The learner also refuses a mini-batch whose mean loss is more than this many times the usual loss, which counts as at"
                        + " least 1. 0: any finite loss is learned.");
        d.define(
                OUTLIER_FACTOR,
                DOUBLE,
                1e6,
                factor(),
                MEDIUM,
                "An example goes to the dead letters if the magnitude of one of its numbers is more than this many times the largest so"
                        + " far. Features and targets have separate largest magnitudes, which count as at least 1. This catches sentinel"
                        + " values and wrong units. The first hundred examples are not checked. After guard.max.consecutive refusals in a"
                        + " row the next example is accepted. 0: none is refused.");
    }
}
