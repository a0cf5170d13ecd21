package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.Standardizer;
import io.millrace.learner.spec.LearnerSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features and targets of any unit. */
class StandardizationTest {

    /** Every number that is reported: batches of 1 to 16, with and without examples held out before the first one learned. */
    @ParameterizedTest
    @CsvSource({"1000, 1e6", "0.001, 0", "3, 7", "1e6, -1e6", "1024, 0"})
    void shouldLearnTargetsInAnyUnitEquallyWell(double a, double b) {
        for (int batch : new int[] {1, 5, 16}) {
            for (double holdout : new double[] {0, 0.6}) {
                LearnerSpec spec = Specs.regression(2)
                        .batch(batch)
                        .reports(50)
                        .holdout(holdout)
                        .earlyStopping(3, 0)
                        .build();

                List<Report> plain = reports(spec, 1, 0);
                List<Report> changed = reports(spec, a, b);

                assertThat(changed).hasSameSizeAs(plain).hasSizeGreaterThan(4);
                for (int i = 0; i < plain.size(); i++) {
                    requireSame(plain.get(i), changed.get(i), Math.abs(a), a == 1024 ? 0 : 1e-3);
                }
            }
        }
    }

    private static void requireSame(Report plain, Report changed, double a, double rounding) {
        assertThat(changed.examples()).isEqualTo(plain.examples());
        assertThat(changed.reportExamples()).isEqualTo(plain.reportExamples());
        assertThat(changed.best().version()).isEqualTo(plain.best().version());
        requireSame(plain.loss() * a * a, changed.loss(), rounding);
        requireSame(plain.metrics(), changed.metrics(), a, rounding);
        requireSame(plain.fadedMetrics(), changed.fadedMetrics(), a, rounding);
        if (plain.heldOut() != null) {
            assertThat(changed.heldOut().examples()).isEqualTo(plain.heldOut().examples());
            requireSame(plain.heldOut().metrics(), changed.heldOut().metrics(), a, rounding);
        }
    }

    private static void requireSame(Map<String, Double> plain, Map<String, Double> changed, double a, double rounding) {
        assertThat(changed.keySet()).isEqualTo(plain.keySet());
        plain.forEach((metric, value) -> requireSame(value * a, changed.get(metric), rounding));
    }

    private static void requireSame(double plain, double changed, double rounding) {
        assertThat(changed).isCloseTo(plain, within(rounding * Math.abs(plain)));
    }

    private static List<Report> reports(LearnerSpec spec, double a, double b) {
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            float[] x = new float[Specs.INPUTS];
            for (int j = 0; j < x.length; j++) {
                x[j] = (float) random.nextGaussian();
            }
            double y = Math.round(8 * (x[0] - 2 * x[1])) / 8.0; // exact as 1000 y + 1e6, too
            float[] targets = {(float) (a * y + b), (float) (a * Math.round(x[2]) + b)};
            if (spec.validation().holdsOut() && i % 3 != 2) {
                learner.evaluate(x, targets, 1, i);
            } else {
                learner.learn(x, targets, 1, i);
            }
        }
        return reports;
    }

    @Test
    void shouldJudgeNothingBeforeThereIsAUnitToPredictIn() {
        LearnerSpec spec = Specs.regression(1).batch(4).reports(6).holdout(0.1).build();
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        learner.evaluate(new float[4], new float[] {1000}, 1, 0);
        for (int i = 0; i < 16; i++) {
            learner.learn(new float[] {i, 1, 0, -i}, new float[] {1000 + i % 4}, 1, i);
        }
        learner.evaluate(new float[4], new float[] {1000}, 1, 0);

        assertThat(reports).extracting(Report::examples).containsExactly(8L, 16L);
        assertThat(reports).extracting(Report::reportExamples).containsExactly(4L, 8L);
        assertThat(reports.get(0).metrics().get("mae")).isLessThan(10.0);
        assertThat(reports.get(0).fadedMetrics().get("rmse")).isLessThan(10.0);
        assertThat(reports.get(0).heldOut()).isEqualTo(new Score(1, Double.NaN, Map.of()));
        assertThat(learner.heldOut()).isEqualTo(2);
        assertThat(learner.score().examples()).isEqualTo(12);
    }

    /** What older versions say of themselves is verified by what they went by. */
    @Test
    void shouldJudgeTheFirstBatchByThePlainErrorOfAnUntrainedNetworkByTheFirstRules() {
        LearnerSpec spec = Specs.regression(1).batch(4).reports(4).rules(1).build();
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        for (int i = 0; i < 8; i++) {
            learner.learn(new float[] {i, 1, 0, -i}, new float[] {1000 + i % 4}, 1, i);
        }

        // nothing known: predictions near 0; then a prediction near the mean of the first batch
        assertThat(reports.get(0).metrics().get("mae")).isBetween(990.0, 1010.0);
        assertThat(reports.get(1).metrics().get("mae")).isLessThan(10.0);
    }

    @Test
    void shouldLearnTheSameWeightsByEitherRules() {
        List<NetworkModel> models = new ArrayList<>();
        for (int rules : new int[] {1, 2}) {
            LearnerSpec spec = Specs.regression(1).batch(4).rules(rules).build();
            NetworkLearner learner = new NetworkLearner(spec, report -> {});
            Example.stream(spec, 200, 5).forEach(example -> example.learnedBy(learner));
            models.add(learner.model());
        }
        assertThat(models.get(1).parameters()).isEqualTo(models.get(0).parameters());
        assertThat(models.get(1).targetMeans()).isEqualTo(models.get(0).targetMeans());
    }

    @Test
    void shouldPredictConstantTargets() {
        LearnerSpec spec = Specs.regression(1).batch(1).build();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        for (int i = 0; i < 300; i++) {
            learner.learn(new float[] {i % 7, 1, 0, -i % 3}, new float[] {42.1f}, 1, i);
        }
        float[] score = new float[1];
        new NetworkPredictor(learner.model()).predict(new float[] {3, 1, 0, -1}, score);

        assertThat(score[0]).isCloseTo(42.1f, within(0.1f));
    }

    @Test
    void shouldIgnoreTheUnitOfFeatures() {
        LearnerSpec spec = Specs.binary().build();
        NetworkLearner scaled = new NetworkLearner(spec, report -> {});
        for (Example example : Example.stream(spec, 200, 1)) {
            float[] x = example.features();
            float[] other = {x[0] * 1024, x[1], x[2] / 64, x[3]};
            scaled.learn(other, example.target(), example.weight(), example.timestamp());
        }

        // powers of two change no bit
        assertThat(LearnerStateTest.sha256(scaled))
                .isEqualTo(LearnerStateTest.sha256(LearnerStateTest.trained(spec, 200, 1)));
    }

    @Test
    void shouldNotLetStatisticsOfASilentFeatureDecayIntoDenormals() {
        Standardizer standardizer = new Standardizer(2, 0.01);
        standardizer.update(new double[] {1000, 1});
        for (int i = 0; i < 100_000; i++) {
            standardizer.update(new double[] {0, i % 2});
        }

        // 0.99^100000 is 1e-437
        double mean = standardizer.means()[0];
        assertThat(mean * mean * 0.01).isBetween(Double.MIN_NORMAL, 1e-250);
        assertThat(standardizer.variances()[0]).isBetween(Double.MIN_NORMAL, 1e-100);
        assertThat(standardizer.variances()[1]).isCloseTo(0.25, within(0.01));
    }

    @Test
    void shouldFollowALevelShiftWithARateAndAverageWithout() {
        Standardizer adaptive = new Standardizer(1, 0.01);
        Standardizer even = new Standardizer(1, 0);
        for (int i = 0; i < 10_000; i++) {
            double[] row = {(i < 9000 ? 0 : 100) + i % 2};
            adaptive.update(row);
            even.update(row);
        }

        assertThat(adaptive.means()[0]).isCloseTo(100.5, within(0.1));
        assertThat(even.means()[0]).isCloseTo(10.5, within(1e-9));
        assertThat(even.variances()[0]).isCloseTo(900.25, within(1e-6));
    }

    @Test
    void shouldClipAndSilenceConstants() {
        Standardizer standardizer = new Standardizer(3, 0);
        for (int i = 0; i < 1000; i++) {
            standardizer.update(new double[] {5, i % 2, i % 2});
        }
        double[] row = {6, 1000, -1000};
        standardizer.scale(row);

        assertThat(row).containsExactly(0, 10, -10);
    }
}
