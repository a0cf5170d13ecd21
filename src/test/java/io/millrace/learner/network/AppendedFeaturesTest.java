package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.Model;
import io.millrace.learner.ensemble.EnsembleLearner;
import io.millrace.learner.ensemble.EnsembleModel;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerKind;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A learner whose declaration gets further features while it goes on. */
class AppendedFeaturesTest {
    private static final String FEATURES = "amount?: number, user: category(50,3)";
    private static final String MORE = FEATURES + ", at: number, shop: category(20,2), plan?: oneof(a|b)";
    private static final int BATCH = 4;

    private final Random random = new Random(7);

    private static Declaration declaration(String features) {
        return Declaration.parse("avro", features, "label", "", "");
    }

    private static Specs specs(String features) {
        return Specs.classification()
                .declared(declaration(features))
                .batch(BATCH)
                .holdout(0.2)
                .earlyStopping(2, 0)
                .optimizer(Optimizer.of("rmsprop"), 0.01);
    }

    private static LearnerSpec spec(LearnerKind kind, String features) {
        return of(kind, specs(features)).build();
    }

    private static Specs of(LearnerKind kind, Specs specs) {
        return kind == LearnerKind.ENSEMBLE ? specs.ensemble() : specs;
    }

    private static Learner learner(LearnerSpec spec, Consumer<Report> reports) {
        return spec.kind() == LearnerKind.ENSEMBLE
                ? new EnsembleLearner(spec, reports)
                : new NetworkLearner(spec, reports);
    }

    /** The label is the remainder of the user, or of the shop where it has one. */
    private InputRow draw(String features, boolean grown) {
        InputRow row = new InputRow(declaration(features).features().layout());
        row.clear();
        boolean missing = random.nextInt(4) == 0;
        row.numbers()[0] = missing ? Double.NaN : 100 * random.nextGaussian();
        row.numbers()[1] = missing ? 1 : 0;
        row.id(1 + random.nextInt(50));
        row.endOfTable(0);
        double at = 1.7e12 + random.nextInt(1000);
        int shop = 1 + random.nextInt(20);
        if (grown) {
            row.numbers()[2] = at;
            row.numbers()[3 + random.nextInt(3)] = 1;
            row.id(shop);
            row.endOfTable(1);
        }
        row.record(new byte[] {1});
        return row;
    }

    private static void learn(Learner learner, InputRow row, int position) {
        int label = row.ids()[row.ends().length - 1] % 3;
        if (position % 5 == 0) {
            learner.evaluate(row, new float[] {label}, 1, 1000 + position);
        } else {
            learner.learn(row, new float[] {label}, 1, 1000 + position, position);
        }
    }

    private static List<byte[]> saved(Learner learner) {
        StateWriter state = new StateWriter();
        learner.save(state);
        return state.chunks();
    }

    private static List<byte[]> savedBatch(Learner learner) {
        StateWriter batch = new StateWriter();
        learner.saveBatch(batch);
        return batch.chunks();
    }

    private static Learner continued(Learner learner, LearnerSpec spec) {
        Learner next = learner(spec, report -> {});
        next.restore(new StateReader(saved(learner)));
        next.restoreBatch(new StateReader(savedBatch(learner)));
        return next;
    }

    private Learner learned(LearnerSpec spec, int rows) {
        Learner learner = learner(spec, report -> {});
        for (int i = 0; i < rows; i++) {
            learn(learner, draw(FEATURES, false), i);
        }
        return learner;
    }

    private static float[] scores(Learner learner, InputRow row) {
        float[] scores = new float[3];
        learner.model().predictor().predict(row, scores);
        return scores;
    }

    private static double[] means(Model model) {
        return model instanceof EnsembleModel ensemble ? ensemble.slowMeans() : ((NetworkModel) model).featureMeans();
    }

    @ParameterizedTest
    @EnumSource
    void shouldPredictTheSameWhateverIsInTheNewFieldsUntilItLearnsMore(LearnerKind kind) {
        Learner former = learned(spec(kind, FEATURES), 503);
        Learner grown = continued(former, spec(kind, MORE));
        assertThat(former.waiting() > 0).isEqualTo(kind == LearnerKind.NETWORK);
        assertThat(grown.waiting()).isEqualTo(former.waiting());
        assertThat(grown.version()).isEqualTo(former.version());
        assertThat(grown.score()).isEqualTo(former.score());
        assertThat(grown.servedVersion()).isEqualTo(former.servedVersion());
        for (int i = 0; i < 50; i++) {
            InputRow row = draw(MORE, true);
            InputRow fewer = new InputRow(declaration(FEATURES).features().layout());
            System.arraycopy(row.numbers(), 0, fewer.numbers(), 0, 2);
            fewer.clear();
            fewer.id(row.ids()[0]);
            fewer.endOfTable(0);
            assertThat(scores(grown, row)).isEqualTo(scores(former, fewer));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLearnWhatTheNewFieldsSay(LearnerKind kind) {
        Learner grown = continued(learned(spec(kind, FEATURES), 503), spec(kind, MORE));
        int right = 0;
        for (int i = 503; i < 6000; i++) {
            InputRow row = draw(MORE, true);
            if (i >= 5500) {
                float[] scores = scores(grown, row);
                int label = row.ids()[1] % 3;
                right += scores[label] > scores[(label + 1) % 3] && scores[label] > scores[(label + 2) % 3] ? 1 : 0;
            }
            learn(grown, row, i);
        }
        assertThat(right).isGreaterThan(450);
        assertThat(means(grown.model())[2]).as("rows that waited do not count").isBetween(1.7e12, 1.7e12 + 1000);
    }

    @ParameterizedTest
    @EnumSource
    void shouldContinueBitByBitAfterARestoreAtAnyPoint(LearnerKind kind) {
        LearnerSpec spec = spec(kind, MORE);
        Learner former = learned(spec(kind, FEATURES), 503);
        Learner uninterrupted = continued(former, spec);
        Learner restored = continued(former, spec);
        for (int i = 503; i < 520; i++) {
            InputRow row = draw(MORE, true);
            learn(uninterrupted, row, i);
            learn(restored, row, i);
            restored = continued(restored, spec);
        }
        assertThat(saved(restored).toArray()).isEqualTo(saved(uninterrupted).toArray());
        assertThat(savedBatch(restored).toArray())
                .isEqualTo(savedBatch(uninterrupted).toArray());
    }

    @ParameterizedTest
    @EnumSource
    void shouldMeasureNewNumbersBeforeItCallsOneAnOutlier(LearnerKind kind) {
        Learner grown = continued(learned(spec(kind, FEATURES), 503), spec(kind, MORE));
        int position = 503;
        for (int i = 0; i < 130; i++) {
            learn(grown, draw(MORE, true), position++);
        }
        InputRow outlier = draw(MORE, true);
        outlier.numbers()[2] = 1e25;
        assertThatExceptionOfType(BadInputException.class)
                .isThrownBy(() -> grown.learn(outlier, new float[] {0}, 1, 2000, 700))
                .withMessageStartingWith("at has the magnitude 1.0E25, and the largest so far 1.70000000");
    }

    @ParameterizedTest
    @EnumSource
    void shouldReturnToLastGoodWeightsFromBeforeTheNewFeatures(LearnerKind kind) {
        GuardLimits strict = new GuardLimits(3, 1.0000001, 0);
        Learner former = learned(of(kind, specs(FEATURES).reports(300)).build(), 503);
        List<Report> reports = new ArrayList<>();
        Learner grown = learner(of(kind, specs(MORE).reports(300).guard(strict)).build(), reports::add);
        grown.restore(new StateReader(saved(former)));
        for (int i = 504; i < 800 && reports.isEmpty(); i++) {
            InputRow row = draw(MORE, true);
            float[] scores = scores(grown, row);
            int wrong = scores[0] < 0.3 ? 0 : scores[1] < 0.3 ? 1 : 2;
            grown.learn(row, new float[] {wrong}, 1, 1504, i);
        }
        assertThat(reports.get(0).refused().returnedTo()).isBetween(1L, former.version());
        assertThat(scores(grown, draw(MORE, true))).doesNotContain(Float.NaN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user: category(50,3), amount?: number, at: number; feature 1 was learned as \"amount?: number\" and is declared as"
                        + " \"user: category(50,3)\"",
                "amount?: number, at: number, user: category(50,3); feature 2 was learned as \"user: category(50,3)\" and is declared"
                        + " as \"at: number\"",
                "amount?: number; feature 2 was learned as \"user: category(50,3)\" and is not declared any more",
                "amount?: number, user: category(60,3), at: number; feature 2 was learned as \"user: category(50,3)\" and is"
                        + " declared as \"user: category(60,3)\"",
            })
    void shouldRefuseAnyOtherChangeWithASentence(String features, String sentence) {
        for (LearnerKind kind : LearnerKind.values()) {
            Learner former = learned(spec(kind, FEATURES), 20);
            assertThatExceptionOfType(OtherShapeException.class)
                    .isThrownBy(() -> continued(former, spec(kind, features)))
                    .withMessageContaining(sentence)
                    .withMessageContaining("kept only if all features stay as they are and new ones follow at the end")
                    .withMessageContaining("model.reset=true");
        }
    }

    @Test
    void shouldRefuseAnotherShapeThoughFeaturesFollow() {
        List<LearnerSpec> others = new ArrayList<>();
        others.add(specs(MORE).shape(0, 6, 3).build());
        others.add(specs(MORE).optimizer(Optimizer.of("adam"), 0.01).build());
        Learner former = learned(specs(FEATURES).build(), 20);
        for (LearnerSpec other : others) {
            assertThatExceptionOfType(OtherShapeException.class)
                    .isThrownBy(() -> continued(former, other))
                    .withMessageContaining("restore the former configuration");
        }
    }
}
