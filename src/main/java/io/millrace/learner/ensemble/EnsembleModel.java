package io.millrace.learner.ensemble;

import io.millrace.feature.Declaration;
import io.millrace.feature.FeatureSet;
import io.millrace.feature.InputLayout;
import io.millrace.learner.Model;
import io.millrace.learner.Predictor;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.network.Network;
import java.util.List;
import java.util.Objects;

/**
 * One version of an ensemble.
 *
 * @param task what its outputs mean
 * @param classes names of the classes or labels by index; empty for regression
 * @param inputs number of features
 * @param outputs number of classes, labels or targets
 * @param version number of examples that it has learned
 * @param parameters canonical parameters: for each member in order the newest, then, if it averages, the averaged ones without tables, which equal the newest until
 *     there is an average. Each part is layer by layer, weights [input][output], then biases [output]; sparse inputs [input][output] come last
 * @param slowMeans long statistics of the features: means, [inputs]
 * @param slowVariances long statistics of the features: variances, [inputs]
 * @param fastMeans short statistics of the features: means, [inputs]
 * @param fastVariances short statistics of the features: variances, [inputs]
 * @param counts number of rows in these statistics: one for all features, or one for each declared number
 * @param newestTime event time of the newest example in these statistics, ms; -1: not known
 * @param targetMeans means of the targets; empty if it is no regression
 * @param targetVariances variances of the targets; empty if it is no regression
 * @param weights of each expert in the mixture of all of them, [experts]
 * @param laggingWeights of each expert in the mixture without the memory of labels, which has 0; [experts]
 * @param slowWeights of each expert in the mixture without the memory of labels and the members with short statistics, which have 0; [experts]
 * @param labels state of the memory of labels ({@link LabelMemory#toDoubles}); empty: there is none
 * @param declaration how records become features; null if they are {@code Features}
 */
public record EnsembleModel(
        Task task,
        List<String> classes,
        int inputs,
        int outputs,
        long version,
        float[] parameters,
        double[] slowMeans,
        double[] slowVariances,
        double[] fastMeans,
        double[] fastVariances,
        long[] counts,
        long newestTime,
        double[] targetMeans,
        double[] targetVariances,
        double[] weights,
        double[] laggingWeights,
        double[] slowWeights,
        double[] labels,
        Declaration declaration)
        implements Model {

    /** Names of the experts, in the order of their weights. */
    public List<String> experts() {
        return Design.of(entering()).experts(task);
    }

    /** Tells people where in {@link #parameters} something is: its member, and its place in that member's network. */
    public String parameterName(int index) {
        EnsembleInputs entering = entering();
        int from = 0;
        for (MemberSpec member : MemberSpec.of(entering)) {
            Network network = MemberNetworks.of(member, entering, outputs, Ensemble.loss(task));
            for (boolean average : member.averages() ? new boolean[] {false, true} : new boolean[] {false}) {
                int count = average ? (int) member.averaged(entering, outputs) : network.parameterCount();
                if (index < from + count) {
                    return network.layout().nameOf(index - from) + (average ? ", averaged," : "") + " of the member "
                            + member.name() + " (parameter " + index + ")";
                }
                from += count;
            }
        }
        throw new IndexOutOfBoundsException(index + " of " + from + " parameters");
    }

    @Override
    public int scores() {
        return outputs;
    }

    @Override
    public boolean answersAs(Model other) {
        return other instanceof EnsembleModel ensemble
                && task == ensemble.task
                && classes.equals(ensemble.classes)
                && inputs == ensemble.inputs
                && outputs == ensemble.outputs
                && Objects.equals(features(), ensemble.features());
    }

    private FeatureSet features() {
        return declaration == null ? null : declaration.features();
    }

    /** What enters. */
    EnsembleInputs entering() {
        return EnsembleInputs.of(layout(), inputs);
    }

    /** The inputs of declared features; null if records are {@code Features}. */
    InputLayout layout() {
        return declaration == null ? null : features().layout();
    }

    @Override
    public Predictor predictor() {
        return new EnsemblePredictor(this);
    }
}
