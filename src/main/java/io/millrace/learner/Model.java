package io.millrace.learner;

import io.millrace.nn.Architecture;
import java.util.List;

/**
 * All that a prediction needs: what a snapshot carries. Immutable by agreement: nobody writes to the arrays.
 *
 * @param architecture the network
 * @param task what its outputs mean
 * @param classes names of the classes or labels by index; empty for regression
 * @param version examples that the parameters have learned
 * @param parameters canonical parameters: layer by layer, weights [input][output], then biases [output]
 * @param featureMeans standardizer's means, one for each input; empty when features are not standardised
 * @param featureVariances standardizer's variances; empty when features are not standardised
 * @param targetMeans means of the targets; empty when targets are not standardised
 * @param targetVariances variances of the targets; empty when targets are not standardised
 */
public record Model(
        Architecture architecture,
        Task task,
        List<String> classes,
        long version,
        float[] parameters,
        double[] featureMeans,
        double[] featureVariances,
        double[] targetMeans,
        double[] targetVariances) {

    /** @return length of the scores of a prediction: one for each class, label or target */
    public int scores() {
        return classes.isEmpty() ? architecture.outputs() : classes.size();
    }
}
