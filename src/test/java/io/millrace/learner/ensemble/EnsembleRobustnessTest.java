package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.GuardLimits;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ensemble makes of streams that are short, long, narrow, one-sided or hostile. */
class EnsembleRobustnessTest {
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

    /** Learns examples whose class says whether the first feature is positive. */
    private static void learnSigns(EnsembleLearner learner, Random random, int features, int examples) {
        for (int i = 0; i < examples; i++) {
            float[] x = numbers(random, features);
            learner.learn(x, new float[] {x[0] > 0 ? 1 : 0}, 1, i);
        }
    }

    private static double accuracy(Report report) {
        return report.metrics().get("accuracy");
    }

    private static void requireFinite(EnsembleLearner learner) {
        EnsembleModel model = learner.model();
        for (float parameter : model.parameters()) {
            assertThat(parameter).isFinite();
        }
        for (double[] weights : List.of(model.weights(), model.laggingWeights(), model.slowWeights())) {
            assertThat(Arrays.stream(weights)).allSatisfy(w -> assertThat(w).isFinite());
        }
        assertThat(learner.score().loss()).isFinite();
    }

    @ParameterizedTest
    @EnumSource
    void shouldReportPredictAndContinueAfterNoneOneAndTwoExamples(Task task) {
        LearnerSpec spec = Specs.of(task).reports(1).build();
        List<Example> stream = Example.stream(spec, 3, 1);
        float[] scores = new float[EnsembleState.outputs(spec)];
        for (int examples = 0; examples <= 2; examples++) {
            List<Report> reports = new ArrayList<>();
            EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
            Streams.learn(learner, stream.subList(0, examples));
            learner.model().predictor().predict(InputRow.of(stream.get(2).features()), scores);
            EnsembleLearner continued =
                    Streams.restored(new EnsembleLearner(spec, report -> {}), Streams.saved(learner));

            int evaluated = task == Task.REGRESSION
                    ? Math.max(0, examples - 1)
                    : examples; // the scale of targets is not known at first
            assertThat(reports).hasSize(evaluated);
            for (float score : scores) {
                assertThat(score).isFinite();
            }
            assertThat(continued.model().parameters())
                    .containsExactly(learner.model().parameters());
        }
    }

    /** 128 features have bins, 129 have not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 128, 129})
    void shouldLearnWithAnyNumberOfFeatures(int features) {
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(
                Specs.classification().shape(features, 1, 2).reports(500).build(), reports::add);
        learnSigns(learner, new Random(1), features, 1500);

        assertThat(accuracy(reports.get(2))).isGreaterThan(features == 1 ? 0.95 : 0.75);
        requireFinite(learner);
    }

    @Test
    void shouldBeSureOfTheOnlyClassThatItHasMet() {
        EnsembleLearner learner = new EnsembleLearner(classes(4, 3), report -> {});
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            learner.learn(numbers(random, 4), new float[] {1}, 1, i);
        }
        float[] scores = new float[3];
        learner.model().predictor().predict(InputRow.of(numbers(random, 4)), scores);

        assertThat(scores[1]).isGreaterThan(0.99f);
        assertThat(learner.score().metrics().get("accuracy")).isGreaterThan(0.998); // of equals the first counts
    }

    /** First weights of classes differ in nothing but the random numbers of hidden units. */
    @Test
    void shouldNotDependOnTheOrderOfClasses() {
        LearnerSpec spec = classes(4, 3);
        List<Example> stream = Example.stream(spec, 3000, 1);
        EnsembleLearner learner = Streams.trained(spec, stream);
        EnsembleLearner other = new EnsembleLearner(spec, report -> {});
        for (Example example : stream) {
            other.learn(example.features(), new float[] {(example.target()[0] + 1) % 3}, example.weight(), 0);
        }

        assertThat(other.score().metrics().get("accuracy"))
                .isCloseTo(learner.score().metrics().get("accuracy"), within(0.003));
    }

    /** No feature, share or mean square may decay into the denormals, which are a hundred times slower; what is constant decays. */
    @Test
    @Tag("quality")
    void shouldRecoverFromNinetyThousandExamplesOfOneLabel() {
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(classes(8, 3), reports::add);
        Random random = new Random(1);
        for (int i = 0; i < 90_000; i++) {
            learner.learn(numbers(random, 8), new float[] {0}, 1, i);
        }
        learnSigns(learner, random, 8, 3000);

        assertThat(accuracy(reports.get(89))).isEqualTo(1);
        assertThat(accuracy(reports.get(90))).isGreaterThan(0.85);
        assertThat(accuracy(reports.get(92))).isGreaterThan(0.95);
        requireFinite(learner);
    }

    /** A stream of 10,000 examples, a thousand times. */
    @Test
    @Tag("quality")
    void shouldLearnTenMillionExamplesAtTheSameSpeed() {
        LearnerSpec spec =
                Specs.classification().shape(8, 1, 2).reports(Integer.MAX_VALUE).build();
        List<Example> stream = Example.stream(spec, 10_000, 1);
        stream.forEach(example -> example.features()[7] = 3); // constant
        EnsembleLearner learner = Streams.trained(spec, stream); // compiled
        double[] seconds = new double[10];
        for (int tenth = 0; tenth < 10; tenth++) {
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            for (int loop = 0; loop < 100; loop++) {
                Streams.learn(learner, stream);
            }
            seconds[tenth] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
        }

        requireFinite(learner);
        assertThat(learner.version()).isEqualTo(10_010_000);
        assertThat(seconds[9])
                .as("CPU time of each tenth: " + Arrays.toString(seconds))
                .isLessThan(1.3 * seconds[0]);
        assertThat(learner.score().metrics().get("accuracy")).isGreaterThan(0.9);
    }

    /** Rows that are wrong in every way that a check lets pass, then good ones. */
    @ParameterizedTest
    @Tag("quality")
    @CsvSource({"CLASSIFICATION, 0", "CLASSIFICATION, 1e6", "REGRESSION, 0", "REGRESSION, 1e6", "MULTILABEL, 0"})
    void shouldSurviveAHundredThousandHostileRows(Task task, double outlierFactor) {
        LearnerSpec spec = Specs.of(task)
                .reports(1000)
                .guard(new GuardLimits(10, 1e6, outlierFactor))
                .build();
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
        Streams.learn(learner, Example.stream(spec, 1000, 1));
        Random random = new Random(1);
        int refused = 0;
        for (Example example : Example.stream(spec, 100_000, 2)) {
            float[] x = example.features();
            float[] y = example.target();
            float weight = damaged(random, x, y, task == Task.REGRESSION, example.weight());
            try {
                learner.learn(x, y, weight, example.timestamp());
            } catch (BadInputException e) {
                refused++;
            }
        }
        requireFinite(learner);
        assertThat(learner.version()).isEqualTo(101_000 - refused);
        if (outlierFactor == 0) {
            assertThat(refused).isZero();
        }

        Streams.learn(learner, Example.stream(spec, 20_000, 3));
        requireFinite(learner);
        Report last = reports.get(reports.size() - 1);
        if (task != Task.REGRESSION) {
            assertThat(accuracy(last)).isGreaterThan(task == Task.MULTILABEL ? 0.95 : 0.78);
            assertThat(last.loss()).isLessThan(0.6);
        } else if (outlierFactor > 0) { // without, the deviation of the targets, which never fades, is 1e37
            assertThat(last.metrics().get("mae")).isLessThan(1);
        }
    }

    /** @return the weight */
    private static float damaged(Random random, float[] x, float[] y, boolean regression, float weight) {
        x[0] = 3; // constant
        switch (random.nextInt(10)) {
            case 0 -> Arrays.fill(x, 1e38f);
            case 1 -> Arrays.fill(x, -Float.MIN_VALUE);
            case 2 -> x[1] = random.nextBoolean() ? Float.MAX_VALUE : -Float.MAX_VALUE;
            case 3 -> Arrays.fill(x, 1, x.length, (float) Math.scalb(1.0, random.nextInt(250) - 149));
            case 4 -> y[0] = regression ? 3e38f * (random.nextFloat() - 0.5f) : y[0];
            case 5 -> y[0] = regression ? Float.MIN_VALUE : y[0];
            case 6 -> {
                return 1e6f;
            }
            case 7 -> {
                return 0;
            }
            default -> {}
        }
        return weight;
    }
}
