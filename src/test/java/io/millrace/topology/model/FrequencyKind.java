package io.millrace.topology.model;

import io.millrace.avro.ModelSpec;
import io.millrace.feature.Declaration;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A kind of model that is not a network: it predicts the frequencies of the classes. Chosen by its seed. */
public final class FrequencyKind implements ModelKind {
    /** Of the configurations that ask for it. */
    public static final long SEED = 4711;

    private static final String LOSS = "frequency";

    @Override
    public boolean learns(LearnerSpec spec) {
        return spec.seed() == SEED;
    }

    @Override
    public Learner learner(LearnerSpec spec, Consumer<Report> reports, Consumer<RefusedBatch> refusals) {
        return new FrequencyLearner(spec);
    }

    @Override
    public boolean describes(Model model) {
        return model instanceof FrequencyLearner.Frequencies;
    }

    @Override
    public ModelSpec describe(Model model) {
        return ModelSpec.newBuilder()
                .setTask(model.task().id())
                .setLoss(LOSS)
                .setInputs(model.inputs())
                .setLayers(List.of())
                .setClasses(model.classes())
                .build();
    }

    @Override
    public boolean reads(ModelSpec spec) {
        return spec.getLoss().equals(LOSS);
    }

    @Override
    public Model model(ModelSpec spec, Declaration declaration, long version, float[] parameters) {
        return new FrequencyLearner.Frequencies(spec.getInputs(), List.copyOf(spec.getClasses()), version, parameters);
    }

    @Override
    public Map.Entry<String, String> summary(Model model) {
        return Map.entry("frequencies", Arrays.toString(model.parameters()));
    }

    @Override
    public Optional<String> difference(Model published, Model replayed) {
        return BitDifference.floats("count", published.parameters(), replayed.parameters());
    }
}
