package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ensemble learns, reports and survives. */
class EnsembleLearnerTest {
    private static LearnerSpec classes(int inputs, int outputs) {
        return Specs.classification().shape(inputs, 1, outputs).reports(1000).build();
    }

    private static float[] numbers(Random random, int count) {
        float[] x = new float[count];
        for (int j = 0; j < count; j++) {
            x[j] = (float) random.nextGaussian();
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource
    void shouldLearnEachTask(Task task) {
        LearnerSpec spec = Specs.of(task).reports(1000).build();
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
        Streams.learn(learner, Example.stream(spec, 4000, 1));

        assertThat(reports).hasSize(4);
        assertThat(learner.version()).isEqualTo(4000);
        double last = reports.get(3).metrics().get(task == Task.REGRESSION ? "mae" : "accuracy");
        switch (task) {
            case CLASSIFICATION -> assertThat(last).isGreaterThan(0.8); // a sum modulo 3
            case MULTILABEL -> assertThat(last).isGreaterThan(0.95);
            case REGRESSION -> assertThat(last).isLessThan(1); // targets have a deviation of 10
        }
    }

    @Test
    void shouldReportTheLossAndTheWeightOfEachExpert() {
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(classes(4, 3), reports::add);
        Streams.learn(learner, Example.stream(classes(4, 3), 1000, 1));

        Report report = reports.get(0);
        assertThat(report.experts())
                .extracting(Report.Expert::name)
                .containsExactly("linear", "swift", "steady-average", "steady", "binned-average", "binned", "labels");
        assertThat(report.experts())
                .extracting(Report.Expert::weight)
                .containsExactly(boxed(learner.model().weights()));
        assertThat(report.experts())
                .allSatisfy(expert -> assertThat(expert.loss())
                        .isGreaterThan(report.loss() / 2)
                        .isLessThan(3));
    }

    private static Double[] boxed(double[] x) {
        return Arrays.stream(x).boxed().toArray(Double[]::new);
    }

    /** Powers of two scale numbers without rounding. */
    @ParameterizedTest
    @ValueSource(ints = {4, 150})
    void shouldAnswerTheSameForFeaturesInAnotherUnit(int inputs) {
        LearnerSpec spec = classes(inputs, 3);
        List<Example> stream = Example.stream(spec, 600, 1);
        EnsembleLearner learner = Streams.trained(spec, stream);
        EnsembleLearner other = new EnsembleLearner(spec, report -> {});
        for (Example example : stream) {
            float[] scaled = example.features().clone();
            for (int j = 0; j < scaled.length; j++) {
                scaled[j] *= 1024;
            }
            other.learn(scaled, example.target(), example.weight(), example.timestamp());
        }

        assertThat(other.score()).isEqualTo(learner.score());
        assertThat(other.model().weights()).containsExactly(learner.model().weights());
        assertThat(other.model().parameters()).containsExactly(learner.model().parameters());
    }

    @Test
    void shouldRecoverFromFiveThousandExamplesOfOneLabel() {
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(classes(4, 2), reports::add);
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            learner.learn(numbers(random, 4), new float[] {0}, 1, i);
        }
        for (int i = 5000; i < 8000; i++) {
            float[] x = numbers(random, 4);
            learner.learn(x, new float[] {x[0] + x[1] > 0 ? 1 : 0}, 1, i);
        }

        assertThat(reports.get(4).metrics().get("accuracy")).isEqualTo(1);
        assertThat(reports.get(7).metrics().get("accuracy")).isGreaterThan(0.93);
    }

    @ParameterizedTest
    @EnumSource
    void shouldStayFiniteWhateverTheNumbers(Task task) {
        LearnerSpec spec = Specs.of(task).guard(GuardLimits.NONE).build();
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        Random random = new Random(1);
        int refused = 0;
        for (Example example : Example.stream(spec, 3000, 1)) {
            float[] x = example.features();
            float[] y = example.target();
            int kind = random.nextInt(8);
            Arrays.fill(x, 1, 3, kind == 0 ? 1e30f : kind == 1 ? -1e-30f : kind == 2 ? 7 : x[1]);
            x[0] = 3; // constant
            x[3] = kind == 3 ? Float.NaN : kind == 4 ? Float.MAX_VALUE : x[3];
            if (task == Task.REGRESSION && kind == 5) {
                y[0] = random.nextBoolean() ? 1e30f : -3e38f;
            }
            try {
                learner.learn(x, y, kind == 6 ? 1e6f : example.weight(), example.timestamp());
            } catch (BadInputException e) {
                refused++;
                assertThat(e).hasMessage("feature 3 is NaN");
            }
        }

        EnsembleModel model = learner.model();
        assertThat(refused).isPositive();
        assertThat(model.version()).isEqualTo(3000 - refused);
        for (float parameter : model.parameters()) {
            assertThat(parameter).isFinite();
        }
        assertThat(Arrays.stream(model.weights()))
                .allSatisfy(weight -> assertThat(weight).isFinite());
        assertThat(Arrays.stream(model.slowWeights()))
                .allSatisfy(weight -> assertThat(weight).isFinite());
        assertThat(learner.score().loss()).isFinite();
    }

    @Test
    void shouldPredictAThousandClasses() {
        LearnerSpec spec = classes(3, 1000);
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            learner.learn(numbers(random, 3), new float[] {i < 30 ? random.nextInt(1000) : 7}, 1, i);
        }
        float[] scores = new float[1000];
        learner.model().predictor().predict(InputRow.of(numbers(random, 3)), scores);

        double sum = 0;
        for (float score : scores) {
            sum += score;
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
        assertThat(scores[7]).isGreaterThan(0.01f);
    }

    /** Steps with a loss far above the usual one are refused; labels that are turned round cause them. */
    @Test
    void shouldReturnAMemberWhoseStepsAreRefusedInARow() {
        LearnerSpec spec = Specs.classification()
                .shape(4, 1, 2)
                .reports(500)
                .guard(new GuardLimits(3, 1.5, 0))
                .build();
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            float[] x = numbers(random, 4);
            boolean first = x[0] > 0;
            learner.learn(x, new float[] {first == i < 1500 ? 1 : 0}, 1, i);
        }

        assertThat(learner.version()).isEqualTo(2000);
        assertThat(reports.get(2).refused().returnedTo()).isNull();
        assertThat(reports.get(3).refused().examples()).isGreaterThan(3);
        assertThat(reports.get(3).refused().returnedTo()).isBetween(500L, 1500L);
    }

    @Test
    void shouldEvaluateWhatIsHeldOutAndChangeNothing() {
        LearnerSpec spec = Specs.classification().reports(100).holdout(0.3).build();
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
        List<Example> stream = Example.stream(spec, 800, 1);
        Streams.feed(learner, spec, stream, 0, 800);
        EnsembleLearner plain =
                new EnsembleLearner(Specs.classification().reports(100).build(), report -> {});
        HoldoutSampler holdout = new HoldoutSampler(0.3, spec.seed(), 0);
        for (int i = 0; i < 800; i++) {
            if (!holdout.holds(i)) {
                Streams.learn(plain, stream.get(i));
            }
        }

        assertThat(learner.heldOut()).isEqualTo(800 - learner.version()).isGreaterThan(150);
        assertThat(reports)
                .allSatisfy(report -> assertThat(report.heldOut().metrics()).containsKey("accuracy"));
        assertThat(learner.model().parameters()).containsExactly(plain.model().parameters());
        assertThat(learner.model().weights()).containsExactly(plain.model().weights());
        assertThat(learner.score()).isEqualTo(plain.score());
        assertThatThrownBy(() -> Streams.feed(plain, spec, stream, 0, 10)).isInstanceOf(IllegalStateException.class);
    }

    /** Servers enter the requests that are newer into the statistics, which do not have what was held out. */
    @Test
    void aVersionShouldHaveTheTimeOfTheNewestExampleThatItHasLearned() {
        LearnerSpec spec = Specs.classification().holdout(0.3).build();
        Example example = Example.stream(spec, 1, 1).get(0);
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        learner.evaluate(InputRow.of(example.features()), example.target(), 1, 1_000);
        assertThat(learner.model().newestTime()).isEqualTo(-1);
        learner.learn(example.features(), example.target(), 1, 2_000);
        learner.evaluate(InputRow.of(example.features()), example.target(), 1, 3_000);
        assertThat(learner.model().newestTime()).isEqualTo(2_000);
        EnsembleLearner restored = new EnsembleLearner(spec, report -> {});
        Streams.restored(restored, Streams.saved(learner));
        assertThat(restored.model().newestTime()).isEqualTo(2_000);
        learner.learn(example.features(), example.target(), 1, 1_500);
        assertThat(learner.model().newestTime()).as("after a late one").isEqualTo(2_000);
    }

    /** An example of weight 0 moves no weight of a network; it only enters the statistics. */
    @Test
    void shouldLearnNothingFromExamplesWithoutWeight() {
        LearnerSpec spec = classes(4, 3);
        EnsembleLearner learner = new EnsembleLearner(spec, report -> {});
        float[] before = learner.model().parameters();
        for (Example example : Example.stream(spec, 100, 1)) {
            learner.learn(example.features(), example.target(), 0, example.timestamp());
        }
        assertThat(learner.model().parameters()).containsExactly(before);
        assertThat(learner.model().laggingWeights()[0]).isCloseTo(1.0 / 6, within(1e-9));
    }
}
