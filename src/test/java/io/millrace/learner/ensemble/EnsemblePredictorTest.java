package io.millrace.learner.ensemble;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.InputRow;
import io.millrace.learner.Predictor;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Predictions with one version. */
class EnsemblePredictorTest {
    private static final float[] ROW = {0.5f, -1, 4, 7};

    private static EnsembleModel with(
            EnsembleModel m, float[] parameters, double[] slowMeans, double[] lagging, double[] slow) {
        return new EnsembleModel(
                m.task(),
                m.classes(),
                m.inputs(),
                m.outputs(),
                m.version(),
                parameters,
                slowMeans,
                m.slowVariances(),
                m.fastMeans(),
                m.fastVariances(),
                m.counts(),
                m.newestTime(),
                m.targetMeans(),
                m.targetVariances(),
                m.weights(),
                lagging,
                slow,
                m.labels(),
                m.declaration());
    }

    /** Without a memory of labels the mixture of all experts is the first of the two for lag, so that the answers can be compared. */
    @Test
    void shouldAnswerAsTrainingDoesWithTheSameWeights() {
        LearnerSpec spec = Specs.multilabel().build();
        EnsembleInputs inputs = EnsembleInputs.of(spec);
        Ensemble ensemble =
                new Ensemble(Design.of(inputs), Task.MULTILABEL, null, inputs, 2, null, spec.guard(), spec.seed());
        for (Example example : Example.stream(spec, 500, 1)) {
            ensemble.predict(InputRow.of(example.features()));
            ensemble.learn(example.target(), example.weight());
        }
        EnsembleModel m = ensemble.model(Task.MULTILABEL, spec.classes(), -1, null);
        assertThat(m.laggingWeights()).containsExactly(m.weights());
        float[] scores = new float[2];
        with(m, m.parameters(), m.slowMeans(), m.weights(), m.weights())
                .predictor()
                .predict(InputRow.of(ROW), scores);
        ensemble.predict(InputRow.of(ROW));

        assertThat(scores).containsExactly((float) ensemble.answer()[0], (float) ensemble.answer()[1]);
    }

    @Test
    void shouldTakeTheMeanOfTheTwoMixturesForLag() {
        LearnerSpec spec = Specs.regression(1).build();
        EnsembleModel m = Streams.trained(spec, Example.stream(spec, 500, 1)).model();
        float[] lagging = new float[1];
        float[] slow = new float[1];
        float[] mean = new float[1];
        with(m, m.parameters(), m.slowMeans(), m.laggingWeights(), m.laggingWeights())
                .predictor()
                .predict(InputRow.of(ROW), lagging);
        with(m, m.parameters(), m.slowMeans(), m.slowWeights(), m.slowWeights())
                .predictor()
                .predict(InputRow.of(ROW), slow);
        m.predictor().predict(InputRow.of(ROW), mean);

        assertThat(m.laggingWeights()[6]).isZero(); // the memory of labels
        assertThat(m.slowWeights()[1]).isZero(); // swift
        assertThat(lagging[0]).isNotEqualTo(slow[0]);
        assertThat(mean[0]).isBetween(Math.min(lagging[0], slow[0]), Math.max(lagging[0], slow[0]));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("allocation")
    void shouldChangeAndAllocateNothing(Task task) {
        LearnerSpec spec = Specs.of(task).build();
        EnsembleModel model =
                Streams.trained(spec, Example.stream(spec, 100, 1)).model();
        Predictor predictor = model.predictor();
        InputRow row = InputRow.of(ROW);
        float[] first = new float[model.scores()];
        float[] scores = new float[model.scores()];
        predictor.predict(row, first);

        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 300; i++) {
                        predictor.predict(row, scores);
                    }
                }))
                .isZero();
        assertThat(scores).containsExactly(first);
        predictor.forAnotherThread().predict(row, scores);
        assertThat(scores).containsExactly(first);
    }

    /** The scratch memory of the kernels belongs to one thread. */
    @Test
    void shouldPredictAlikeOnSeveralThreadsAtOnce() {
        LearnerSpec spec = Specs.classification().shape(40, 1, 3).build();
        List<Example> stream = Example.stream(spec, 300, 1);
        EnsemblePredictor predictor =
                new EnsemblePredictor(Streams.trained(spec, stream).model());
        List<float[]> expected = predicted(predictor, stream);

        List<CompletableFuture<List<float[]>>> others = IntStream.range(0, 3)
                .mapToObj(i -> predictor.forAnotherThread())
                .map(other -> CompletableFuture.supplyAsync(() -> predicted(other, stream)))
                .toList();
        for (CompletableFuture<List<float[]>> other : others) {
            assertThat(other.join().toArray()).isEqualTo(expected.toArray());
        }
    }

    private static List<float[]> predicted(EnsemblePredictor predictor, List<Example> stream) {
        List<float[]> all = new ArrayList<>();
        for (Example example : stream) {
            float[] scores = new float[3];
            predictor.predict(example.features(), scores);
            all.add(scores);
        }
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void shouldPredictBeforeTheFirstExample(Task task) {
        EnsembleModel model = new EnsembleLearner(Specs.of(task).build(), report -> {}).model();
        float[] scores = new float[model.scores()];
        model.predictor().predict(InputRow.of(ROW), scores);

        float expected = task == Task.REGRESSION ? 0 : task == Task.MULTILABEL ? 0.5f : 1 / 3f;
        for (float score : scores) {
            assertThat(score).isEqualTo(expected);
        }
    }

    @Test
    void shouldRefuseFeaturesThatDoNotFit() {
        EnsemblePredictor predictor =
                new EnsemblePredictor(new EnsembleLearner(Specs.classification().build(), report -> {}).model());
        assertThatThrownBy(() -> predictor.predict(new float[3], new float[3]))
                .isInstanceOf(BadInputException.class)
                .hasMessage("3 features instead of 4");
        assertThatThrownBy(() -> predictor.predict(new float[] {1, 2, Float.NaN, 4}, new float[3]))
                .hasMessage("feature 2 is NaN");
    }

    @Test
    void shouldRefusePartsThatDoNotFitTogether() {
        EnsembleModel m = new EnsembleLearner(Specs.classification().build(), report -> {}).model();
        double[] shorter = new double[3];
        for (EnsembleModel damaged : List.of(
                with(m, new float[3], m.slowMeans(), m.laggingWeights(), m.slowWeights()),
                with(m, Arrays.copyOf(m.parameters(), 99_999), m.slowMeans(), m.laggingWeights(), m.slowWeights()),
                with(m, m.parameters(), shorter, m.laggingWeights(), m.slowWeights()),
                with(m, m.parameters(), m.slowMeans(), shorter, m.slowWeights()),
                with(m, m.parameters(), m.slowMeans(), m.laggingWeights(), shorter))) {
            assertThatIllegalArgumentException().isThrownBy(damaged::predictor).withMessageContaining("the model has");
        }
    }
}
