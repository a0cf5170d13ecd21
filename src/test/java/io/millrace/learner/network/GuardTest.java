package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.network.StepOutcome;
import io.millrace.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that would ruin a model do not reach it. */
class GuardTest {
    private final List<Report> reports = new ArrayList<>();
    private final List<RefusedBatch> refused = new ArrayList<>();

    private NetworkLearner learner(LearnerSpec spec) {
        return new NetworkLearner(spec, reports::add, refused::add);
    }

    /** Neither features nor targets are scaled, and no example is refused for itself. */
    private static Specs bare(Task task) {
        return Specs.of(task).batch(2).standardize(false, false).guard(new GuardLimits(3, 0, 0));
    }

    private static void assertFinite(NetworkLearner learner) {
        for (float parameter : learner.model().parameters()) {
            assertThat(parameter).isFinite();
        }
        for (float average : learner.model().state()) {
            assertThat(average).isFinite();
        }
        assertThat(learner.score().loss()).isFinite();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"})
    void shouldGoOnAsIfARefusedMiniBatchHadNotCome(String optimizer) {
        LearnerSpec spec =
                bare(Task.REGRESSION).optimizer(Optimizer.of(optimizer), 1e-4).build();
        NetworkLearner disturbed = learner(spec);
        NetworkLearner calm = new NetworkLearner(spec, report -> {});
        List<Example> stream = Example.stream(spec, 60, 4);
        float[][] wild = {{Float.MAX_VALUE, 1, 1, 1}, {1e30f, -1e30f, 1e30f, 1e30f}};
        for (int i = 0; i < stream.size(); i++) {
            if (i % 10 == 4) {
                disturbed.learn(InputRow.of(wild[0]), new float[] {1, 3}, 1, 5, 100 + i);
                disturbed.learn(InputRow.of(wild[1]), new float[] {-1, 4}, 2, 6, 101 + i);
            }
            stream.get(i).learnedBy(disturbed);
            stream.get(i).learnedBy(calm);
        }
        assertThat(refused).hasSize(6);
        assertThat(disturbed.version()).isEqualTo(60);
        assertThat(disturbed.model().parameters()).isEqualTo(calm.model().parameters());
        assertThat(disturbed.score()).isEqualTo(calm.score());
        RefusedBatch first = refused.get(0);
        assertThat(first.cause()).isIn(StepOutcome.LOSS_NOT_FINITE.cause(), StepOutcome.GRADIENT_TOO_LARGE.cause());
        assertThat(first.examples()).hasSize(2);
        assertThat(first.examples().get(1).features()).containsExactly(wild[1]);
        assertThat(first.examples().get(1).target()).containsExactly(-1, 4);
        assertThat(first.examples().get(1).weight()).isEqualTo(2);
        assertThat(first.examples().get(1).position()).isEqualTo(105);
        assertThat(first.examples().get(1).timestamp()).isEqualTo(6);
    }

    @Test
    void shouldGiveRefusedExamplesBackInTheirUnits() {
        LearnerSpec spec = Specs.of(Task.REGRESSION)
                .batch(2)
                .standardize(true, true)
                .guard(new GuardLimits(5, 50, 0))
                .build();
        NetworkLearner learner = learner(spec);
        Random random = new Random(3);
        for (int i = 0; i < 400; i++) {
            learner.learn(
                    new float[] {i % 7, 5, random.nextFloat(), i}, new float[] {100 + random.nextFloat(), i % 3}, 1, i);
        }
        NetworkModel before = learner.model();
        learner.learn(new float[] {1, 2, 3, 4}, new float[] {1000, 1}, 1, 401);
        learner.learn(new float[] {5, 6, 7, 8}, new float[] {-1000, 1}, 1, 402);
        assertThat(refused).hasSize(1);
        assertThat(refused.get(0).cause()).isEqualTo(StepOutcome.LOSS_TOO_LARGE.cause());
        assertThat(refused.get(0).examples().get(0).features()).containsExactly(1, 2, 3, 4);
        assertThat(refused.get(0).examples().get(1).target()).containsExactly(-1000, 1);
        NetworkModel after = learner.model();
        assertThat(after.featureMeans()).isEqualTo(before.featureMeans());
        assertThat(after.targetVariances()).isEqualTo(before.targetVariances());
        assertThat(learner.nextPosition()).isEqualTo(402);
    }

    @Test
    void shouldReturnToTheLastGoodWeightsWithHalfTheRate() {
        LearnerSpec spec = bare(Task.REGRESSION)
                .optimizer(Optimizer.of("adam"), 0.01)
                .reports(20)
                .build();
        NetworkLearner learner = learner(spec);
        List<Example> stream = Example.stream(spec, 100, 4);
        stream.subList(0, 40).forEach(example -> example.learnedBy(learner));
        float[] good = learner.model().parameters();
        stream.subList(40, 48).forEach(example -> example.learnedBy(learner));
        assertThat(learner.model().parameters()).isNotEqualTo(good);
        for (int i = 0; i < 6; i++) {
            learner.learn(new float[] {Float.MAX_VALUE, Float.MAX_VALUE, 0, 0}, new float[2], 1, 10);
        }
        assertThat(refused).hasSize(3);
        assertThat(learner.model().parameters()).isEqualTo(good);
        assertThat(learner.version()).isEqualTo(48);
        Report said = reports.get(reports.size() - 1);
        assertThat(said.refused()).isEqualTo(new Report.Refused(6, 40L));
        assertThat(said.learningRate()).isEqualTo(0.01);

        stream.subList(48, 100).forEach(example -> example.learnedBy(learner));
        assertThat(reports.subList(reports.size() - 2, reports.size()))
                .extracting(Report::learningRate, Report::refused)
                .containsExactly(tuple(0.005, new Report.Refused(0, null)), tuple(0.01, new Report.Refused(0, null)));
    }

    @Test
    void shouldLearnAStreamThatHasChangedForGood() {
        LearnerSpec spec = bare(Task.REGRESSION)
                .optimizer(Optimizer.of("sgd"), 0.01)
                .guard(new GuardLimits(4, 5, 0))
                .build();
        NetworkLearner learner = learner(spec);
        Random random = new Random(1);
        for (int i = 0; i < 4000; i++) {
            float[] x = {random.nextFloat(), 1, 0, 0};
            learner.learn(x, new float[] {i < 2000 ? x[0] : x[0] + 20, 0}, 1, i);
        }
        assertThat(refused).hasSize(4);
        float[] scores = new float[2];
        new NetworkPredictor(learner.model()).predict(new float[] {0.5f, 1, 0, 0}, scores);
        assertThat(scores[0]).isCloseTo(20.5f, within(1f));
    }

    @Test
    void shouldRefuseAnOutlierAndTakeANewUnitInTheEnd() {
        LearnerSpec spec = Specs.of(Task.REGRESSION)
                .batch(1)
                .guard(new GuardLimits(3, 0, 1e6))
                .build();
        NetworkLearner learner = learner(spec);
        for (int i = 0; i < 100; i++) {
            learner.learn(new float[] {i, -50, 1, 0}, new float[] {i % 3, 0}, 1, i);
        }
        float[] sentinel = {1, 2, -9.96921e36f, 3};
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> learner.learn(sentinel, new float[] {1, 0}, 1, 200))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("a feature has the magnitude 9.96921E36, and the largest so far 99.0");
        }
        assertThat(learner.version()).isEqualTo(100);
        learner.learn(new float[] {1e9f, 0, 0, 0}, new float[] {1, 0}, 1, 201);
        assertThat(learner.version()).isEqualTo(101);
        assertThatThrownBy(() -> learner.learn(new float[4], new float[] {Float.MAX_VALUE, 0}, 1, 202))
                .hasMessage("a target has the magnitude 3.4028235E38, and the largest so far 2.0");
    }

    @Test
    void shouldRefuseAHeldOutExampleWithoutAFiniteLoss() {
        LearnerSpec spec = bare(Task.REGRESSION).holdout(0.5).build();
        NetworkLearner learner = learner(spec);
        assertThatThrownBy(() -> learner.evaluate(
                        new float[] {Float.MAX_VALUE, Float.MAX_VALUE, 0, Float.MAX_VALUE}, new float[] {1, 1}, 1, 1))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("too large for these weights");
        assertThat(learner.heldOut()).isZero();
    }

    @Test
    void shouldNotPredictWhatIsNotANumber() {
        NetworkLearner learner = learner(bare(Task.REGRESSION).build());
        NetworkPredictor predictor = new NetworkPredictor(learner.model());
        assertThatThrownBy(() -> predictor.predict(
                        new float[] {Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE}, new float[2]))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("the features are too large");
    }

    /** Whatever comes, nothing that is saved or served is infinite or no number, and an interruption changes nothing. */
    @Property(tries = 60)
    void shouldStayFiniteOnHostileStreams(
            @ForAll @IntRange(min = 0, max = 2) int which,
            @ForAll @IntRange(min = 0, max = 7) int optimizer,
            @ForAll boolean standardize,
            @ForAll boolean normalize,
            @ForAll long seed) {
        Task task = Task.values()[which];
        LearnerSpec spec = Specs.of(task)
                .batch(4)
                .optimizer(
                        Optimizer.of(List.of(
                                        "sgd",
                                        "momentum",
                                        "nesterov",
                                        "nesterov_torch",
                                        "adagrad",
                                        "rmsprop",
                                        "adam",
                                        "adamw")
                                .get(optimizer)),
                        seed % 3 == 0 ? 1000 : 0.01)
                .standardize(standardize, standardize)
                .batchNorm(normalize)
                .guard(new GuardLimits((int) (seed & 3), seed % 2 == 0 ? 1e6 : 0, seed % 5 == 0 ? 1e6 : 0))
                .reports(16)
                .build();
        NetworkLearner learner = learner(spec);
        NetworkLearner interrupted = new NetworkLearner(spec, report -> {});
        Random random = new Random(seed);
        float[] magnitudes = {1, 1, 1, 0, 1e-40f, 1e10f, 1e19f, 1e30f, 1e38f, Float.MAX_VALUE};
        for (int i = 0; i < 300; i++) {
            float[] x = new float[4];
            for (int j = 0; j < 4; j++) {
                float scale = j == 3 ? 1 : magnitudes[i % 50 < 30 ? random.nextInt(3) : random.nextInt(10)];
                x[j] = j == 3 ? 7 : (random.nextFloat() * 2 - 1) * scale;
            }
            float[] target = new float[spec.targetWidth()];
            for (int k = 0; k < target.length; k++) {
                target[k] = switch (task) {
                    case CLASSIFICATION -> i / 100 % 2 == 0 ? random.nextInt(2) : 1 - random.nextInt(2);
                    case MULTILABEL -> random.nextInt(2);
                    case REGRESSION -> (float) random.nextGaussian() * Math.min(1e37f, magnitudes[random.nextInt(10)]);
                };
            }
            float weight = random.nextInt(20) == 0 ? 1_000_000 : 1;
            try {
                learner.learn(x, target, weight, i);
            } catch (BadInputException e) {
                assertThat(e.getMessage()).contains("the largest so far");
            }
            try {
                interrupted.learn(x, target, weight, i);
            } catch (BadInputException e) {
                // said above
            }
            if (i % 37 == 0) {
                interrupted = LearnerStateTest.restored(spec, interrupted, new ArrayList<>());
            }
            assertFinite(learner);
        }
        assertThat(interrupted.model().parameters()).isEqualTo(learner.model().parameters());
        assertThat(interrupted.version()).isEqualTo(learner.version());
        for (Report report : reports) {
            assertThat(report.fadedLoss()).isFinite();
        }
        reports.clear();
        refused.clear();
    }
}
