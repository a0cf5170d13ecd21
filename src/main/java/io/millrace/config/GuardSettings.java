package io.millrace.config;

import static io.millrace.config.Validators.factor;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;

import org.apache.kafka.common.config.ConfigDef.Range;

/** What is not learned. */
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
                "A mini-batch whose loss or gradient is not finite, or far too large, is not learned: its examples go to the dead letters."
                        + " After so many in a row the learner returns to the weights of the last report without refusals, with half the"
                        + " learning rate, which doubles again with each report without refusals; a report says so. A checkpoint then holds"
                        + " a second copy of the weights. 0: it never returns.");
        d.define(
                LOSS_FACTOR,
                DOUBLE,
                1e6,
                factor(),
                MEDIUM,
                "A mini-batch is refused, too, if its mean loss is this many times the usual one, which counts as 1 at least. 0: any finite"
                        + " loss is learned.");
        d.define(
                OUTLIER_FACTOR,
                DOUBLE,
                1e6,
                factor(),
                MEDIUM,
                "An example goes to the dead letters if one of its numbers is this many times the largest so far, of all features or of all"
                        + " targets, which counts as 1 at least: a sentinel, or a wrong unit. The first hundred examples are taken as they are,"
                        + " and so is the one after guard.max.consecutive that were refused in a row. 0: none is refused.");
    }
}
