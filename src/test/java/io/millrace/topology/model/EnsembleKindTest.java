package io.millrace.topology.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSpec;
import io.millrace.feature.InputRow;
import io.millrace.learner.ensemble.EnsembleLearner;
import io.millrace.learner.ensemble.EnsembleModel;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.spec.EnsembleSize;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateWriter;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.snapshot.Snapshots;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a snapshot says of an ensemble, and where two of them differ. */
class EnsembleKindTest {
    private final ModelKind kind = new EnsembleKind();

    private static EnsembleModel trained(LearnerSpec spec) {
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        Random random = new Random(3);
        for (int i = 0; i < 60; i++) {
            float[] features = new float[spec.architecture().inputs()];
            for (int j = 0; j < features.length; j++) {
                features[j] = random.nextFloat();
            }
            float[] target = new float[spec.targetWidth()];
            target[0] = features[0] > features[1] ? 1 : 0;
            learner.learn(features, target, 1, i);
        }
        return learner.model();
    }

    private static EnsembleModel trained() {
        return trained(TestConfigs.ensemble().learner());
    }

    @ParameterizedTest
    @CsvSource({
        "classification, no;yes;maybe, 1, 2",
        "multilabel, red;round, 1, 3",
        "regression, '', 2, 2",
        "classification, no;yes, 1, 130"
    })
    void shouldBeTheSameModelAfterASnapshot(String task, String classes, String targets, String inputs) {
        LearnerSpec spec = TestConfigs.ensemble(
                        "model.task",
                        task,
                        "model.classes",
                        classes.replace(';', ','),
                        "model.targets",
                        targets,
                        "model.inputs",
                        inputs)
                .learner();
        EnsembleModel model = trained(spec);
        EnsembleLearner untrained = new EnsembleLearner(spec, report -> {});

        EnsembleModel read = (EnsembleModel) Snapshots.model(sent(model, untrained.score()));

        assertThat(kind.difference(read, model)).isEmpty();
        assertThat(read.classes()).isEqualTo(model.classes());
        assertThat(read.version()).isEqualTo(60);
        float[] expected = new float[model.scores()];
        float[] actual = new float[model.scores()];
        InputRow request = InputRow.of(new float[spec.architecture().inputs()]);
        model.predictor().predict(request, expected);
        read.predictor().predict(request, actual);
        assertThat(actual).containsExactly(expected);
    }

    private static List<ModelSnapshot> sent(EnsembleModel model, Score score) {
        try (AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://ensemble-kind"));
                Serde<ModelSnapshot> serde = serdes.valueSerde(ModelSnapshot.class)) {
            return new Snapshots("model", 0)
                    .chunks(model, score).stream()
                            .map(chunk -> serde.serializer().serialize("snapshots", chunk))
                            .map(bytes -> serde.deserializer().deserialize("snapshots", bytes))
                            .toList();
        }
    }

    /** The members of 2 features and 2 classes have 6, 2498, 2338 twice, and 2242 twice parameters. */
    @ParameterizedTest
    @CsvSource({
        "0, 'layer 1, weight [0][0] of the member linear (parameter 0)'",
        "6, of the member swift (parameter 6)",
        "2600, of the member steady (parameter 2600)",
        "6000, ', averaged, of the member steady (parameter 6000)'",
        "8000, of the member binned (parameter 8000)",
        "11663, 'table 1 [31][63], averaged, of the member binned (parameter 11663)'"
    })
    void shouldNameTheMemberAndTheWeightThatDiffer(int at, String place) {
        EnsembleModel model = trained();
        assertThat(model.parameters().length).isEqualTo(11664);
        float[] parameters = model.parameters().clone();
        parameters[at] = Math.nextUp(parameters[at]);

        assertThat(kind.difference(changed(model, parameters, UnaryOperator.identity()), model))
                .get()
                .asString()
                .startsWith("differs first in ")
                .contains(place + ": snapshot ");
    }

    /** Commit intervals and limits depend on what is computed without building networks. */
    @ParameterizedTest
    @CsvSource({"2, 10", "130, 0"})
    void shouldHaveTheSizeThatItsSpecificationSays(String inputs, String consecutive) {
        LearnerSpec spec = TestConfigs.ensemble("model.inputs", inputs, "guard.max.consecutive", consecutive)
                .learner();
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        StateWriter state = new StateWriter();
        learner.save(state);
        EnsembleSize size = EnsembleSize.of(spec);

        assertThat(size.snapshot()).isEqualTo(learner.model().parameters().length);
        assertThat(state.chunks().stream().mapToLong(chunk -> chunk.length).sum())
                // besides: specification, statistics of inputs and reports
                .isBetween(size.checkpoint() * Float.BYTES, size.checkpoint() * Float.BYTES * 103 / 100 + 4_000);
    }

    @Test
    void shouldNameTheExpertWhoseWeightDiffers() {
        EnsembleModel model = trained();
        EnsembleModel other = changed(model, model.parameters(), weights -> {
            weights[6] += 0.5;
            return weights;
        });
        assertThat(kind.difference(other, model))
                .get()
                .asString()
                .startsWith("differs first in the weight of labels in the mixture: snapshot ");
    }

    @Test
    void shouldTellPeopleTheWeights() {
        assertThat(kind.summary(trained()).getKey()).isEqualTo("ensemble");
        assertThat(kind.summary(trained()).getValue())
                .matches("2 features, linear -?0\\.\\d{3}, swift .*, binned -?0\\.\\d{3}, labels -?0\\.\\d{3}");
    }

    @Test
    void shouldRefuseASnapshotWhosePartsDoNotFit() {
        EnsembleModel model = trained();
        ModelSpec spec = kind.describe(model);
        assertThat(kind.reads(spec)).isTrue();
        assertThatThrownBy(() -> kind.model(spec, null, 60, new float[7]).predictor())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7 parameters");
        spec.getEnsemble().put("weights", List.of(1.0));
        assertThatThrownBy(() -> kind.model(spec, null, 60, model.parameters()).predictor())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 weights where 7 belong");
    }

    private static EnsembleModel changed(EnsembleModel model, float[] parameters, UnaryOperator<double[]> weights) {
        return new EnsembleModel(
                model.task(),
                model.classes(),
                model.inputs(),
                model.outputs(),
                model.version(),
                parameters,
                model.slowMeans(),
                model.slowVariances(),
                model.fastMeans(),
                model.fastVariances(),
                model.counts(),
                model.newestTime(),
                model.targetMeans(),
                model.targetVariances(),
                weights.apply(model.weights().clone()),
                model.laggingWeights(),
                model.slowWeights(),
                model.labels(),
                model.declaration());
    }
}
