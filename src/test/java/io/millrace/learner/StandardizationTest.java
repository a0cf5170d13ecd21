package io.millrace.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Features and targets of any unit. */
class StandardizationTest {

    @ParameterizedTest
    @CsvSource({"1024, 0", "0.0009765625, 0", "4, 4096", "3, -7", "1e-9, 0"})
    void shouldLearnTargetsInAnyUnitEquallyWell(double a, double b) {
        LearnerSpec spec = Specs.regression(1).batch(5).reports(200).build();

        List<Report> plain = reports(spec, 1, 0);
        List<Report> changed = reports(spec, a, b);

        // the first report holds the first batch, which was predicted knowing nothing of the unit
        for (int i = 1; i < plain.size(); i++) {
            double mae = plain.get(i).metrics().get("mae");
            assertThat(changed.get(i).metrics().get("mae") / Math.abs(a)).isCloseTo(mae, within(0.02 * mae));
        }
        assertThat(plain.get(4).metrics().get("mae"))
                .isLessThan(plain.get(1).metrics().get("mae") * 0.7);
    }

    private static List<Report> reports(LearnerSpec spec, double a, double b) {
        List<Report> reports = new ArrayList<>();
        Learner learner = new Learner(spec, reports::add);
        Random random = new Random(3);
        for (int i = 0; i < 1000; i++) {
            float[] x = new float[Specs.INPUTS];
            for (int j = 0; j < x.length; j++) {
                x[j] = (float) random.nextGaussian();
            }
            learner.learn(x, new float[] {(float) (a * (x[0] - 2 * x[1]) + b)}, 1, i);
        }
        return reports;
    }

    @Test
    void shouldJudgeTheFirstBatchByThePlainErrorOfAnUntrainedNetwork() {
        LearnerSpec spec = Specs.regression(1).batch(4).reports(4).build();
        List<Report> reports = new ArrayList<>();
        Learner learner = new Learner(spec, reports::add);
        for (int i = 0; i < 8; i++) {
            learner.learn(new float[] {i, 1, 0, -i}, new float[] {1000 + i % 4}, 1, i);
        }

        // nothing known: predictions near 0; then a prediction near the mean of the first batch
        assertThat(reports.get(0).metrics().get("mae")).isBetween(990.0, 1010.0);
        assertThat(reports.get(1).metrics().get("mae")).isLessThan(10.0);
    }

    @Test
    void shouldPredictConstantTargets() {
        LearnerSpec spec = Specs.regression(1).batch(1).build();
        Learner learner = new Learner(spec, report -> {});
        for (int i = 0; i < 300; i++) {
            learner.learn(new float[] {i % 7, 1, 0, -i % 3}, new float[] {42.1f}, 1, i);
        }
        float[] score = new float[1];
        new Predictor(learner.model()).predict(new float[] {3, 1, 0, -1}, score);

        assertThat(score[0]).isCloseTo(42.1f, within(0.1f));
    }

    @Test
    void shouldIgnoreTheUnitOfFeatures() {
        LearnerSpec spec = Specs.binary().build();
        Learner scaled = new Learner(spec, report -> {});
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
