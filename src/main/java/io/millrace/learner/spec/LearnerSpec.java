package io.millrace.learner.spec;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.network.Architecture;
import java.util.List;

/**
 * All that a learner is a function of, besides its examples.
 *
 * @param architecture the network
 * @param task what its outputs mean
 * @param classes names of the classes or labels by index; empty for regression
 * @param initializer distribution of the initial weights
 * @param seed seed of the initial weights, of dropout, and of what is held out
 * @param optimization how gradients become steps
 * @param batchSize examples of a full mini-batch
 * @param batchWindowMs event time after which an unfilled mini-batch closes, ms
 * @param batchMaxAdvance how many windows one example alone can move stream time on; 0 for any distance
 * @param standardizeFeatures whether features are standardised
 * @param standardizeTargets whether targets are standardised; regression only
 * @param standardizeRate least weight of a new example in the features' mean and variance, 0 for none
 * @param validation how learning is watched
 * @param guard what is refused
 * @param rules revision of the rules that are no settings; those of an earlier Millrace are kept, so that a replay gives the same bits.
 *     1: as it was in the beginning. 2: doubles are taken for floats; where targets are scaled, nothing is judged before their first
 *     statistics. {@code rules >= 2} is where a change of what is learned or judged belongs
 */
public record LearnerSpec(
        Architecture architecture,
        Task task,
        List<String> classes,
        Initializer initializer,
        long seed,
        Optimization optimization,
        int batchSize,
        long batchWindowMs,
        int batchMaxAdvance,
        boolean standardizeFeatures,
        boolean standardizeTargets,
        double standardizeRate,
        Validation validation,
        GuardLimits guard,
        int rules) {

    /** The revision of the rules by which this Millrace learns. */
    public static final int NEWEST_RULES = 2;

    /** Copies the list of classes and checks the ranges. */
    public LearnerSpec {
        classes = List.copyOf(classes);
        require(batchSize >= 1, "batchSize", batchSize, "at least 1");
        require(batchWindowMs >= 1, "batchWindowMs", batchWindowMs, "at least 1");
        require(batchMaxAdvance >= 0, "batchMaxAdvance", batchMaxAdvance, "at least 0");
        require(standardizeRate >= 0 && standardizeRate < 1, "standardizeRate", standardizeRate, "a number in [0, 1)");
        task.require(architecture, classes);
        if (standardizeTargets && task != Task.REGRESSION) {
            throw new IllegalArgumentException("targets are standardised in a regression only, not in a " + task.id());
        }
    }

    private static void require(boolean valid, String name, Number value, String range) {
        if (!valid) {
            throw new IllegalArgumentException(name + " = " + value + " is out of range: give " + range);
        }
    }

    /** @return how far one example alone can move stream time on, ms */
    public long batchStepMs() {
        boolean any = batchMaxAdvance == 0 || batchWindowMs > Long.MAX_VALUE / batchMaxAdvance;
        return any ? Long.MAX_VALUE : batchMaxAdvance * batchWindowMs;
    }

    /** @return length of an encoded target */
    public int targetWidth() {
        return architecture.targetWidth();
    }

    /**
     * The shape that saved state depends on. Learners with equal fingerprints can read each other's state.
     *
     * @return one line of text
     */
    public String fingerprint() {
        return task.id()
                + ' '
                + architecture.shape()
                + ' '
                + optimization.optimizer().name()
                + " classes="
                + classes
                + " standardize="
                + standardizeFeatures
                + ','
                + standardizeTargets;
    }
}
