package io.millrace.learner.network;

import io.millrace.feature.Declaration;
import io.millrace.feature.FeatureSet;
import io.millrace.learner.Model;
import io.millrace.learner.Predictor;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.network.Architecture;
import java.util.List;
import java.util.Objects;

/**
 * One version of a network, with the statistics that scale its inputs and outputs.
 *
 * @param architecture the network
 * @param task what its outputs mean
 * @param classes names of the classes or labels by index; empty for regression
 * @param version number of examples that the parameters have learned
 * @param parameters canonical parameters: layer by layer, weights [input][output], then biases [output], or gamma
 *     [output] and beta [output] with batch normalisation
 * @param state running averages of batch normalisation: for each layer that has it, means [output], then variances [output]; empty
 *     for networks without batch normalisation
 * @param featureMeans standardizer's means, one for each input; empty when features are not standardised
 * @param featureVariances standardizer's variances; empty when features are not standardised
 * @param targetMeans means of the targets; empty when targets are not standardised
 * @param targetVariances variances of the targets; empty when targets are not standardised
 * @param declaration how records become features; null if they are {@code Features}
 */
public record NetworkModel(
        Architecture architecture,
        Task task,
        List<String> classes,
        long version,
        float[] parameters,
        float[] state,
        double[] featureMeans,
        double[] featureVariances,
        double[] targetMeans,
        double[] targetVariances,
        Declaration declaration)
        implements Model {

    /** A model of {@code Example}s. */
    public NetworkModel(
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
        this(
                architecture,
                task,
                classes,
                version,
                parameters,
                state,
                featureMeans,
                featureVariances,
                targetMeans,
                targetVariances,
                null);
    }

    /** A model without batch normalisation. */
    public NetworkModel(
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

    @Override
    public int inputs() {
        return architecture.inputs();
    }

    @Override
    public boolean takesShorterSequences() {
        return LearnerSpec.sequence(architecture, declaration) != null;
    }

    @Override
    public int scores() {
        return classes.isEmpty() ? architecture.outputs() : classes.size();
    }

    @Override
    public boolean answersAs(Model other) {
        return other instanceof NetworkModel network
                && task == network.task
                && classes.equals(network.classes)
                && architecture.shape().equals(network.architecture.shape())
                && Objects.equals(features(), network.features())
                && (featureMeans.length > 0) == (network.featureMeans.length > 0)
                && (targetMeans.length > 0) == (network.targetMeans.length > 0);
    }

    private FeatureSet features() {
        return declaration == null ? null : declaration.features();
    }

    @Override
    public Predictor predictor() {
        return new NetworkPredictor(this);
    }
}
