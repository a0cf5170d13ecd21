package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.input.Standardizer;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.activation.Activation;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.recurrent.Lstm;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.layer.recurrent.States;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sequences of 1 to 4 steps of two features. */
class ShorterSequencesTest {
    private static final int RULES = 3;
    private static final Layer LSTM =
            new Layer(new Recurrent(new Shape(4, 1, 2), new Lstm(), 3, 4, States.LAST), Activation.IDENTITY);
    private static final Declaration DECLARED = Declaration.parse("s: numbers(4x2)", "y", "", "");

    private static Specs specs() {
        return Specs.classification().shape(8, 5, 3).first(LSTM).rules(RULES);
    }

    private static List<Example> stream(int count, boolean shorter) {
        Random random = new Random(7);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] features = new float[2 * (shorter ? 1 + random.nextInt(4) : 4)];
            for (int j = 0; j < features.length; j++) {
                features[j] = (float) (5 * random.nextGaussian() + 3);
            }
            examples.add(new Example(features, new float[] {random.nextInt(3)}, 1, i));
        }
        return examples;
    }

    private static NetworkLearner learner(LearnerSpec spec, List<Report> reports) {
        return new NetworkLearner(spec, reports::add);
    }

    private static void learn(NetworkLearner learner, List<Example> examples) {
        examples.forEach(example -> example.learnedBy(learner));
    }

    private static InputRow declaredRow(float[] features) {
        InputRow row = new InputRow(DECLARED.features().layout());
        Arrays.fill(row.numbers(), Double.NaN);
        for (int j = 0; j < features.length; j++) {
            row.numbers()[8 - features.length + j] = features[j];
        }
        row.clear();
        row.record(new byte[0]);
        return row;
    }

    @Test
    void eachStepShouldBeStandardisedByTheRowsThatHaveIt() {
        NetworkLearner learner = learner(specs().build(), new ArrayList<>());
        List<Example> examples = stream(200, true);
        learn(learner, examples);
        for (int step = 0; step < 4; step++) {
            Standardizer alone = new Standardizer(2, 0.001);
            int later = 2 * (4 - step); // numbers from this step on
            for (Example example : examples) {
                if (example.features().length >= later) {
                    alone.update(example.features(), example.features().length - later);
                }
            }
            assertThat(Arrays.copyOfRange(learner.model().featureMeans(), 2 * step, 2 * step + 2))
                    .containsExactly(alone.means());
            assertThat(Arrays.copyOfRange(learner.model().featureVariances(), 2 * step, 2 * step + 2))
                    .containsExactly(alone.variances());
        }
    }

    @Test
    void declaredSequencesShouldLearnTheBitsOfExamples() {
        List<Report> reports = new ArrayList<>();
        NetworkLearner plain = learner(specs().reports(20).curvatureEvery(2).build(), reports);
        List<Report> reportsOfDeclared = new ArrayList<>();
        NetworkLearner declared =
                learner(specs().declared(DECLARED).reports(20).curvatureEvery(2).build(), reportsOfDeclared);
        float[] scores = new float[3];
        float[] scoresOfDeclared = new float[3];
        for (Example example : stream(200, true)) {
            example.learnedBy(plain);
            InputRow row = declaredRow(example.features());
            declared.learn(row, example.target(), 1, example.timestamp(), example.timestamp());
            plain.model().predictor().predict(InputRow.of(example.features()), scores);
            declared.model().predictor().predict(row, scoresOfDeclared);
            assertThat(scoresOfDeclared).containsExactly(scores);
        }
        assertThat(declared.model().parameters()).isEqualTo(plain.model().parameters());
        assertThat(reportsOfDeclared).hasSize(10).extracting(Report::loss).doesNotContain(Double.NaN);
        for (int i = 0; i < 10; i++) {
            assertThat(reportsOfDeclared.get(i).loss()).isEqualTo(reports.get(i).loss());
            assertThat(reportsOfDeclared.get(i).curvature())
                    .isEqualTo(reports.get(i).curvature());
        }
        Report last = reports.get(9);
        assertThat(last.fields())
                .hasSize(8)
                .allSatisfy(field -> assertThat(field.importance()).isFinite());
        assertThat(last.fields())
                .filteredOn(field -> field.name().equals("features[7]"))
                .allSatisfy(field -> assertThat(field.missing()).isZero());
        assertThat(last.fields())
                .filteredOn(field -> field.name().equals("features[0]"))
                .allSatisfy(field -> {
                    assertThat(field.missing()).isBetween(0.3, 0.95);
                    assertThat(field.mean()).isBetween(-5.0, 12.0);
                });
        Report.Field field = reportsOfDeclared.get(9).fields().get(0);
        int number = Integer.parseInt(field.number().replaceAll("s\\[(.)]\\[(.)]", "$1$2"), 10);
        assertThat(field.mean())
                .isEqualTo(last.fields().stream()
                        .filter(f -> f.name().equals("features[" + (number / 10 * 2 + number % 10) + "]"))
                        .findFirst()
                        .orElseThrow()
                        .mean());
    }

    @Test
    void shouldContinueBitByBitAfterRestoreAtAnyPoint() {
        for (boolean declared : new boolean[] {false, true}) {
            LearnerSpec spec =
                    (declared ? specs().declared(DECLARED) : specs()).reports(7).build();
            List<Example> examples = stream(60, true);
            List<Report> expected = new ArrayList<>();
            NetworkLearner uninterrupted = learner(spec, expected);
            examples.forEach(example -> take(uninterrupted, example, declared));
            for (int stop = 0; stop < 60; stop += 7) {
                List<Report> reports = new ArrayList<>();
                NetworkLearner first = learner(spec, reports);
                examples.subList(0, stop).forEach(example -> take(first, example, declared));
                NetworkLearner second = learner(spec, reports);
                second.restore(new StateReader(saved(first)));
                StateWriter batch = new StateWriter();
                first.saveBatch(batch);
                second.restoreBatch(new StateReader(batch.chunks()));
                examples.subList(stop, 60).forEach(example -> take(second, example, declared));
                assertThat(state(second)).isEqualTo(state(uninterrupted));
                assertThat(reports).usingRecursiveComparison().isEqualTo(expected);
            }
        }
    }

    private static void take(NetworkLearner learner, Example example, boolean declared) {
        if (declared) {
            InputRow row = declaredRow(example.features());
            learner.learn(row, example.target(), 1, example.timestamp(), example.timestamp());
        } else {
            example.learnedBy(learner);
        }
    }

    private static List<byte[]> saved(NetworkLearner learner) {
        StateWriter state = new StateWriter();
        learner.save(state);
        return state.chunks();
    }

    private static List<ByteBuffer> state(NetworkLearner learner) {
        return saved(learner).stream().map(ByteBuffer::wrap).toList();
    }

    /** A learner from before shorter sequences has counted rows, not steps. */
    @Test
    void shouldContinueWhatEarlierRulesLearned() {
        List<Example> whole = stream(40, false);
        NetworkLearner former = learner(specs().rules(2).build(), new ArrayList<>());
        learn(former, whole);
        NetworkLearner fresh = learner(specs().build(), new ArrayList<>());
        learn(fresh, whole);
        assertThat(fresh.model().parameters()).isEqualTo(former.model().parameters());
        assertThat(fresh.model().featureVariances()).isEqualTo(former.model().featureVariances());

        NetworkLearner restored = learner(specs().build(), new ArrayList<>());
        restored.restore(new StateReader(saved(former)));
        for (NetworkLearner learner : List.of(restored, fresh)) {
            learn(learner, stream(40, true));
        }
        assertThat(state(restored)).isEqualTo(state(fresh));
    }

    @Test
    void shouldRefuseOtherLengthsAndWhatEarlierRulesRefused() {
        NetworkLearner learner = learner(specs().build(), new ArrayList<>());
        for (int length : new int[] {0, 3, 10}) {
            assertThatThrownBy(() -> learner.learn(new float[length], new float[1], 1, 0))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage(length + " features instead of 8: a sequence has 1 to 4 steps of 2");
        }
        assertThatThrownBy(() -> learner.learn(new float[] {Float.NaN, 1, 1, 1}, new float[1], 1, 0))
                .hasMessage("feature 0 is NaN");
        NetworkLearner former = learner(specs().rules(2).build(), new ArrayList<>());
        assertThatThrownBy(() -> former.learn(new float[6], new float[1], 1, 0)).hasMessage("6 features instead of 8");
    }

    @Test
    void aRefusedBatchShouldGiveBackTheSequencesThatCame() {
        List<RefusedBatch> refused = new ArrayList<>();
        NetworkLearner learner =
                new NetworkLearner(specs().standardize(false, false).batch(2).build(), report -> {}, refused::add);
        float[] wild = {3e38f, 3e38f, -3e38f, 3e38f};
        learner.learn(new float[] {1, 2}, new float[1], 1, 0);
        learner.learn(wild, new float[1], 1_000_000, 0);
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).examples())
                .extracting(RefusedBatch.Example::features)
                .containsExactly(new float[] {1, 2}, wild);
    }
}
