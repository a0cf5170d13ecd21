package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.millrace.Allocations;
import io.millrace.feature.Declaration;
import io.millrace.feature.InputLayout;
import io.millrace.feature.InputRow;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A learner of declared features: numbers as doubles, some of them missing, and ids of tables. */
class DeclaredFeaturesTest {
    private static final Declaration DECLARATION =
            declaration("amount?: number, at: number, plan: oneof(a|b), user: category(50,3), tags: set(20,2)");
    private static final InputLayout LAYOUT = DECLARATION.features().layout();
    private static final int HELD_OUT_EVERY = 5;

    private final Random random = new Random(7);
    private final List<RefusedBatch> refused = new ArrayList<>();

    private static Declaration declaration(String features) {
        return Declaration.parse("avro", features, "label", "", "");
    }

    private static Specs specs() {
        return Specs.classification().declared(DECLARATION);
    }

    private NetworkLearner learner(LearnerSpec spec) {
        return new NetworkLearner(spec, report -> {}, refused::add);
    }

    private InputRow draw(int i) {
        InputRow row = new InputRow(LAYOUT);
        boolean missing = random.nextInt(4) == 0;
        row.numbers()[0] = missing ? Double.NaN : 100 * random.nextGaussian();
        row.numbers()[1] = missing ? 1 : 0;
        row.numbers()[2] = 1.7e12 + i;
        row.numbers()[3 + random.nextInt(2)] = 1;
        row.clear();
        row.id(random.nextInt(51));
        row.endOfTable(0);
        for (int n = random.nextInt(4); n > 0; n--) {
            row.id(1 + random.nextInt(20));
        }
        row.endOfTable(1);
        row.record(new byte[] {(byte) i, 1});
        return row;
    }

    private static float[] target(InputRow row) {
        return new float[] {row.ids()[0] % 3};
    }

    private static void learn(NetworkLearner learner, InputRow row, int i) {
        if (i % HELD_OUT_EVERY == 0) {
            learner.evaluate(row, target(row), 1, 1000 + i);
        } else {
            learner.learn(row, target(row), 1, 1000 + i, i);
        }
    }

    private List<InputRow> rows(int count) {
        List<InputRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(draw(i));
        }
        return rows;
    }

    @Test
    void shouldLearnTheBitsOfExamplesWhereAllNumbersAreThereAndFitIntoFloats() {
        LearnerSpec plain = Specs.classification().build();
        int count = plain.architecture().inputs();
        String features =
                IntStream.range(0, count).mapToObj(j -> "x" + j + ": number").collect(Collectors.joining(", "));
        Declaration declaration = declaration(features);
        NetworkLearner ofExamples = learner(plain);
        NetworkLearner declared =
                learner(Specs.classification().declared(declaration).build());
        int position = 0;
        for (Example example : Example.stream(plain, 300, 5)) {
            InputRow row = new InputRow(declaration.features().layout());
            for (int j = 0; j < count; j++) {
                row.numbers()[j] = example.features()[j];
            }
            example.learnedBy(ofExamples);
            declared.learn(row, example.target(), example.weight(), example.timestamp(), position++);
        }
        assertThat(declared.model().parameters()).isEqualTo(ofExamples.model().parameters());
        assertThat(declared.model().featureMeans()).isEqualTo(ofExamples.model().featureMeans());
    }

    @Test
    void shouldContinueBitByBitAfterRestoreAtAnyPoint() {
        LearnerSpec spec = specs().holdout(0.2).build();
        List<InputRow> rows = rows(120);
        NetworkLearner uninterrupted = learner(spec);
        for (int stop = 0; stop < 120; stop += 7) {
            NetworkLearner first = learner(spec);
            for (int i = 0; i < stop; i++) {
                learn(first, rows.get(i), i);
            }
            StateWriter state = new StateWriter();
            first.save(state);
            StateWriter batch = new StateWriter();
            first.saveBatch(batch);
            NetworkLearner second = learner(spec);
            second.restore(new StateReader(state.chunks()));
            second.restoreBatch(new StateReader(batch.chunks()));
            for (int i = stop; i < 120; i++) {
                learn(second, rows.get(i), i);
            }
            if (stop == 0) {
                for (int i = 0; i < 120; i++) {
                    learn(uninterrupted, rows.get(i), i);
                }
            }
            assertThat(second.model().parameters())
                    .isEqualTo(uninterrupted.model().parameters());
            assertThat(second.model().featureVariances())
                    .isEqualTo(uninterrupted.model().featureVariances());
            assertThat(second.score()).isEqualTo(uninterrupted.score());
        }
    }

    /** Floats near 1.7e12 are 131,072 apart. */
    @Test
    void shouldTellApartNumbersThatFloatsDoNot() {
        NetworkLearner learner = learner(specs().holdout(0.2).build());
        for (int i = 0; i < 120; i++) {
            learn(learner, draw(i), i);
        }
        NetworkModel model = learner.model();
        assertThat(Math.sqrt(model.featureVariances()[2])).isBetween(10.0, 100.0);
        InputRow early = draw(0);
        float[] first = new float[model.scores()];
        float[] second = new float[model.scores()];
        NetworkPredictor predictor = new NetworkPredictor(model);
        predictor.predict(early, first);
        early.numbers()[2] += 50;
        predictor.predict(early, second);
        assertThat(second).isNotEqualTo(first);
    }

    @Test
    void shouldLeaveMissingNumbersOutOfTheStatistics() {
        NetworkLearner learner = learner(specs().batch(1).rate(0).build());
        double sum = 0;
        int count = 0;
        for (int i = 1; i < 200; i++) {
            InputRow row = draw(i);
            if (!Double.isNaN(row.numbers()[0])) {
                sum += row.numbers()[0];
                count++;
            }
            learner.learn(row, target(row), 1, 1000 + i, i);
        }
        assertThat(learner.model().featureMeans()[0]).isCloseTo(sum / count, within(1e-9));
        assertThat(learner.model().featureMeans()[1]).isZero();
        assertThat(learner.model().featureVariances()[1]).isOne();
    }

    @Test
    void shouldLearnAndPredictFromTablesAlone() {
        Declaration declaration = declaration("user: category(50,3)");
        NetworkLearner learner =
                learner(Specs.classification().declared(declaration).build());
        InputRow row = new InputRow(declaration.features().layout());
        for (int i = 1; i <= 2000; i++) {
            row.clear();
            row.id(i % 3);
            row.endOfTable(0);
            row.record(new byte[0]);
            learner.learn(row, new float[] {i % 3}, 1, 1000 + i, i);
        }
        assertThat(learner.version()).isEqualTo(2000);
        float[] scores = new float[3];
        learner.model().predictor().predict(row, scores);
        assertThat(scores[2000 % 3]).isGreaterThan(0.8f);
    }

    @Test
    void shouldRefuseOutliersNumberByNumber() {
        NetworkLearner learner = learner(specs().build());
        for (int i = 1; i < 200; i++) {
            InputRow row = draw(i);
            learner.learn(row, target(row), 1, 1000 + i, i);
        }
        InputRow sentinel = draw(200);
        sentinel.numbers()[0] = -999_999_999_999.0; // below what "at" has, and far above what "amount" had
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> learner.learn(sentinel, target(sentinel), 1, 1200, 200))
                .withMessageContaining("amount has the magnitude 9.99999999999E11");
    }

    @Test
    void shouldRefuseWhatTheDeclarationDoesNotAllow() {
        NetworkLearner learner = learner(specs().build());
        InputRow missing = draw(1);
        missing.numbers()[2] = Double.NaN;
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> learner.learn(missing, target(missing), 1, 1000, 1))
                .withMessage("at is NaN");
        InputRow large = draw(1);
        large.numbers()[0] = 1e300;
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> learner.learn(large, target(large), 1, 1000, 1))
                .withMessageContaining("amount is 1.0E300");
        InputRow foreign = draw(1);
        foreign.ids()[0] = 51;
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> learner.learn(foreign, new float[] {0}, 1, 1000, 1))
                .withMessageContaining("user has the id 51");
        assertThat(learner.version()).isZero();
        assertThat(learner.waiting()).isZero();
    }

    @Test
    void shouldGiveTheRecordsOfARefusedMiniBatchBack() {
        NetworkLearner learner =
                learner(specs().rate(0).guard(new GuardLimits(0, 1.0000001, 0)).build());
        for (int i = 1; i <= 100; i++) {
            InputRow row = draw(i);
            learner.learn(row, target(row), 1, 1000 + i, i);
        }
        assertThat(refused).isNotEmpty();
        assertThat(refused.get(0).examples())
                .allSatisfy(example -> assertThat(example.record()[0]).isEqualTo((byte) example.position()));
    }

    @Test
    @Tag("allocation")
    void shouldAllocateNothingForAnExampleBetweenReports() {
        NetworkLearner learner =
                learner(specs().holdout(0.2).reports(Integer.MAX_VALUE).build());
        List<InputRow> rows = rows(500);
        List<float[]> targets = rows.stream().map(DeclaredFeaturesTest::target).toList();
        assertThat(Allocations.settledBytes(() -> {
                    for (int i = 0; i < 500; i++) {
                        if (i % HELD_OUT_EVERY == 0) {
                            learner.evaluate(rows.get(i), targets.get(i), 1, 1000 + i);
                        } else {
                            learner.learn(rows.get(i), targets.get(i), 1, 1000 + i, i);
                        }
                    }
                }))
                .isZero();
    }
}
