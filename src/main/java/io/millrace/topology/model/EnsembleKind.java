package io.millrace.topology.model;

import static io.millrace.topology.model.Numbers.boxed;
import static io.millrace.topology.model.Numbers.unboxed;
import static io.millrace.topology.model.Numbers.unboxedLongs;

import io.millrace.avro.EnsembleSpec;
import io.millrace.avro.ModelSpec;
import io.millrace.feature.Declaration;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.ensemble.EnsembleLearner;
import io.millrace.learner.ensemble.EnsembleModel;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;

/** The kind of model that mixes several small networks and a memory of labels. */
public final class EnsembleKind implements ModelKind {
    @Override
    public boolean learns(LearnerSpec spec) {
        return spec.kind() == LearnerKind.ENSEMBLE;
    }

    @Override
    public Learner learner(LearnerSpec spec, Consumer<Report> reports, Consumer<RefusedBatch> refusals) {
        return new EnsembleLearner(spec, reports, refusals);
    }

    @Override
    public boolean describes(Model model) {
        return model instanceof EnsembleModel;
    }

    @Override
    public ModelSpec describe(Model model) {
        EnsembleModel ensemble = (EnsembleModel) model;
        return ModelSpec.newBuilder()
                .setTask(ensemble.task().id())
                .setLoss(ensemble.task().loss().name())
                .setInputs(ensemble.inputs())
                .setLayers(List.of())
                .setClasses(ensemble.classes())
                .setFeatureMeans(boxed(ensemble.slowMeans()))
                .setFeatureVariances(boxed(ensemble.slowVariances()))
                .setTargetMeans(boxed(ensemble.targetMeans()))
                .setTargetVariances(boxed(ensemble.targetVariances()))
                .setEnsemble(new EnsembleSpec(
                        ensemble.declaration() == null ? ensemble.counts()[0] : 0,
                        boxed(ensemble.fastMeans()),
                        boxed(ensemble.fastVariances()),
                        boxed(ensemble.weights()),
                        boxed(ensemble.laggingWeights()),
                        boxed(ensemble.slowWeights()),
                        boxed(ensemble.labels()),
                        ensemble.newestTime(),
                        ensemble.declaration() == null ? List.of() : boxed(ensemble.counts())))
                .build();
    }

    @Override
    public boolean reads(ModelSpec spec) {
        return spec.getEnsemble() != null;
    }

    @Override
    public EnsembleModel model(ModelSpec spec, Declaration declaration, long version, float[] parameters) {
        EnsembleSpec ensemble = spec.getEnsemble();
        List<String> classes = List.copyOf(spec.getClasses());
        double[] targetMeans = unboxed(spec.getTargetMeans());
        return new EnsembleModel(
                Task.of(spec.getTask()),
                classes,
                spec.getInputs(),
                classes.isEmpty() ? targetMeans.length : classes.size(),
                version,
                parameters,
                unboxed(spec.getFeatureMeans()),
                unboxed(spec.getFeatureVariances()),
                unboxed(ensemble.getFastMeans()),
                unboxed(ensemble.getFastVariances()),
                declaration == null ? new long[] {ensemble.getRows()} : unboxedLongs(ensemble.getCounts()),
                ensemble.getNewestTime(),
                targetMeans,
                unboxed(spec.getTargetVariances()),
                unboxed(ensemble.getWeights()),
                unboxed(ensemble.getLaggingWeights()),
                unboxed(ensemble.getSlowWeights()),
                unboxed(ensemble.getLabels()),
                declaration);
    }

    @Override
    public Map.Entry<String, String> summary(Model model) {
        EnsembleModel ensemble = (EnsembleModel) model;
        double[] weights = ensemble.weights();
        StringJoiner mixture = new StringJoiner(", ");
        for (int j = 0; j < weights.length; j++) {
            mixture.add(String.format(Locale.ROOT, "%s %.3f", ensemble.experts().get(j), weights[j]));
        }
        return Map.entry("ensemble", ensemble.inputs() + " features, " + mixture);
    }

    @Override
    public Optional<String> difference(Model published, Model replayed) {
        return EnsembleDiff.first((EnsembleModel) published, (EnsembleModel) replayed);
    }
}
