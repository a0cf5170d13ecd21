package io.millrace.learner;

import io.millrace.nn.Architecture;
import io.millrace.nn.Initializer;
import io.millrace.nn.Optimizer;
import java.util.List;

/**
 * All that a learner is a function of, besides its examples.
 *
 * @param architecture the network
 * @param task what its outputs mean
 * @param classes names of the classes or labels by index; empty for regression
 * @param initializer distribution of the initial weights
 * @param seed seed of the initial weights
 * @param optimizer turns gradients into steps
 * @param learningRate scale of a step
 * @param batchSize examples of a full mini-batch
 * @param batchWindowMs event time after which an unfilled mini-batch closes, ms
 * @param standardizeFeatures whether features are standardised
 * @param standardizeTargets whether targets are standardised; regression only
 * @param standardizeRate least weight of a new example in the features' mean and variance, 0 for none
 * @param reportExamples examples between two reports
 * @param fading weight of the past in faded means, in [0, 1)
 */
public record LearnerSpec(
        Architecture architecture,
        Task task,
        List<String> classes,
        Initializer initializer,
        long seed,
        Optimizer optimizer,
        float learningRate,
        int batchSize,
        long batchWindowMs,
        boolean standardizeFeatures,
        boolean standardizeTargets,
        double standardizeRate,
        int reportExamples,
        double fading) {

    /** Copies the list of classes. */
    public LearnerSpec {
        classes = List.copyOf(classes);
        if (standardizeTargets && task != Task.REGRESSION) {
            throw new IllegalArgumentException("targets are standardised in a regression only, not in a " + task.id());
        }
    }

    /** @return length of an encoded target */
    public int targetWidth() {
        return architecture.loss().targetWidth(architecture.outputs());
    }

    /**
     * The shape that saved state depends on. Learners with equal fingerprints can read each other's state.
     *
     * @return one line of text
     */
    public String fingerprint() {
        StringBuilder text = new StringBuilder(task.id()).append(' ').append(architecture.inputs());
        architecture
                .layers()
                .forEach(layer -> text.append('-')
                        .append(layer.units())
                        .append(':')
                        .append(layer.activation().name()));
        return text.append(' ')
                .append(architecture.loss().name())
                .append(' ')
                .append(optimizer.name())
                .append(" classes=")
                .append(classes)
                .append(" standardize=")
                .append(standardizeFeatures)
                .append(',')
                .append(standardizeTargets)
                .toString();
    }
}
