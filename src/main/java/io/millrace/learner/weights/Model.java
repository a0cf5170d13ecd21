package io.millrace.learner.weights;

import io.millrace.learner.spec.Task;
import io.millrace.nn.network.Architecture;
import java.util.List;

/**
 * All that a prediction needs: what a snapshot carries. Immutable by agreement: nobody writes to the arrays.
 *
 * @param architecture the network
 * @param task what its outputs mean
 * @param classes names of the classes or labels by index; empty for regression
 * @param version examples that the parameters have learned
 * @param parameters canonical parameters: layer by layer, weights [input][output], then biases [output], or gamma
 *     [output] and beta [output] with batch normalisation
 * @param state running averages of batch normalisation: layer by layer with it, means [output], then variances [output]; empty
 *     for networks without
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
        float[] state,
        double[] featureMeans,
        double[] featureVariances,
        double[] targetMeans,
        double[] targetVariances) {

    /** A model without batch normalisation. */
    public Model(
            Architecture architecture,
            Task task,
            List<String> classes,
            long version,
            float[] parameters,
            double[] featureMeans,
            double[] featureVariances,
            double[] targetMeans,
            double[] targetVariances) {
        this(
                architecture,
                task,
                classes,
                version,
                parameters,
                new float[0],
                featureMeans,
                featureVariances,
                targetMeans,
                targetVariances);
    }

    /** @return length of the scores of a prediction: one for each class, label or target */
    public int scores() {
        return classes.isEmpty() ? architecture.outputs() : classes.size();
    }

    /** Whether two models answer the same question in the same way, so that a mean of their answers makes sense. */
    public boolean answersAs(Model other) {
        return task == other.task
                && classes.equals(other.classes)
                && architecture.shape().equals(other.architecture.shape())
                && (featureMeans.length > 0) == (other.featureMeans.length > 0)
                && (targetMeans.length > 0) == (other.targetMeans.length > 0);
    }
}
