package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.avro.FieldReport;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ValidationLoss;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.state.ParameterDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.kafka.streams.KeyValue;
import org.junit.jupiter.api.Test;

/** What training reports, and which weights it publishes by its reports. */
class TrainingReportsTest extends TrainingDriver {
    @Test
    void shouldReportWithTheFirstStepThatCompletesTheReport() {
        start();
        sendExamples(24);
        List<KeyValue<String, ValidationLoss>> reports = losses.readKeyValuesToList();
        assertThat(reports).extracting(report -> report.key).containsOnly("model");
        assertThat(reports).extracting(report -> report.value.getExamples()).containsExactly(12L, 24L);
        ValidationLoss report = reports.get(1).value;
        assertThat(report.getStep()).isEqualTo(6);
        assertThat(report.getReportExamples()).isEqualTo(12);
        assertThat(report.getFirstTimestamp()).isEqualTo(1_012);
        assertThat(report.getLastTimestamp()).isEqualTo(1_023);
        assertThat(report.getMetrics()).containsOnlyKeys("accuracy", "logLoss");
        assertThat(report.getGradientNorm()).isPositive();
    }

    /** Learns what {@link #sendExamples} would send, without those held out. */
    private void learnWithoutKafka(NetworkLearner learner, HoldoutSampler holdout, int count) {
        for (int offset = 0; offset < count; offset++) {
            float[] features = {random.nextFloat() * 2 - 1, random.nextFloat() * 2 - 1};
            if (!holdout.holds(offset)) {
                learner.learn(features, new float[] {features[0] + features[1] > 0 ? 1 : 0}, 1, 1_000 + offset);
            }
        }
    }

    @Test
    void shouldLearnAllButTheExamplesHeldOutAndReportOnThese() {
        start("validation.holdout.fraction", "0.3", "model.seed", "5");
        sendExamples(200);
        List<ValidationLoss> reports = losses.readValuesToList();
        List<ModelSnapshot> published = snapshots.readValuesToList();
        random.setSeed(1);
        NetworkLearner expected =
                new NetworkLearner(TestConfigs.with("model.seed", "5").learner(), report -> {});
        HoldoutSampler holdout = new HoldoutSampler(0.3, 5, 0);
        learnWithoutKafka(expected, holdout, 200);

        ModelSnapshot last = published.stream()
                .filter(chunk -> chunk != null)
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(last.getVersion()).isEqualTo(expected.version()).isBetween(100L, 180L);
        assertThat(last.getSha256())
                .isEqualTo(ParameterDigest.sha256(expected.model().parameters()));
        ValidationLoss report = reports.get(reports.size() - 1);
        assertThat(report.getExamples()).isEqualTo(expected.version() / 12 * 12);
        long until = report.getLastTimestamp() - 1_000; // offset of the last example learned
        assertThat(reports.stream()
                        .mapToLong(ValidationLoss::getHoldoutExamples)
                        .sum())
                .isEqualTo(LongStream.range(0, until).filter(holdout::holds).count());
        assertThat(report.getReportExamples()).isEqualTo(12);
        assertThat(report.getHoldoutExamples()).isPositive();
        assertThat(report.getHoldoutLoss()).isPositive();
        assertThat(report.getHoldoutMetrics()).containsOnlyKeys("accuracy", "logLoss");
        assertThat(report.getBestVersion()).isNull();
    }

    @Test
    void shouldHoldOutTheFirstRecordsOfAStream() {
        start("validation.holdout.fraction", "0.99");
        assertThat(LongStream.range(0, 20).allMatch(new HoldoutSampler(0.99, 1, 0)::holds))
                .isTrue();
        sendExamples(20);
        assertThat(snapshots.isEmpty()).isTrue();
        assertThat(losses.isEmpty()).isTrue();
        assertThat(deadLetters.isEmpty()).isTrue();
    }

    @Test
    void shouldPublishTheBestWeightsOnceEach() {
        start("early.stopping.patience", "4", "early.stopping.min.gain", "0.01", "snapshot.history", "1000");
        sendExamples(600);
        List<ValidationLoss> reports = losses.readValuesToList();
        List<Long> versions = snapshots.readValuesToList().stream()
                .map(ModelSnapshot::getVersion)
                .toList();

        assertThat(versions).startsWith(4L, 8L, 12L); // nothing is judged before the first report
        assertThat(versions.subList(2, versions.size()))
                .isEqualTo(reports.stream()
                        .map(ValidationLoss::getBestVersion)
                        .distinct()
                        .toList())
                .doesNotHaveDuplicates()
                .isSorted()
                .hasSizeLessThan(reports.size());
        assertThat(reports).anyMatch(ValidationLoss::getPatienceEnded);
        assertThat(reports)
                .extracting(ValidationLoss::getReportsWithoutGain)
                .contains(0, 1, 2, 3)
                .doesNotContain(4);
        assertThat(reports).allMatch(report -> report.getHoldoutLoss() == null && report.getHoldoutExamples() == 0);
        for (ValidationLoss report : reports) {
            if (report.getReportsWithoutGain() == 0) {
                assertThat(report.getBestLoss()).isEqualTo(report.getLoss());
                assertThat(report.getBestVersion()).isEqualTo(report.getExamples());
            } else {
                assertThat(report.getBestVersion()).isLessThan(report.getExamples());
            }
        }
    }

    @Test
    void shouldPublishTheBestWeightsEvenWhenTheyCameBeforeEnoughExamples() {
        start("early.stopping.patience", "50", "snapshot.min.examples", "100", "snapshot.history", "1000");
        sendExamples(600);
        List<ValidationLoss> reports = losses.readValuesToList();
        List<Long> versions = snapshots.readValuesToList().stream()
                .map(ModelSnapshot::getVersion)
                .toList();

        List<Long> expected = new ArrayList<>();
        long last = 0;
        int early = 0;
        for (long learned = 4; learned <= 600; learned += 4) { // a commit after each record
            long served = learned;
            for (ValidationLoss report : reports) {
                served = report.getExamples() <= learned ? report.getBestVersion() : served;
            }
            if (learned - last >= 100 && served > last) {
                early += served - last < 100 ? 1 : 0;
                expected.add(served);
                last = served;
            }
        }
        assertThat(versions).isEqualTo(expected).doesNotHaveDuplicates();
        assertThat(early).as("best weights from within the 100 examples").isPositive();
    }

    @Test
    void shouldReportWhatWasTrueAndPredictedAndTheFeatures() {
        start();
        sendExamples(48);
        List<ValidationLoss> reports = losses.readValuesToList();
        assertThat(reports).hasSize(4).allSatisfy(report -> {
            List<Integer> confusion = report.getConfusion();
            assertThat(report.getClasses()).containsExactly("no", "yes");
            assertThat(confusion).hasSize(4);
            assertThat(confusion.stream().mapToInt(Integer::intValue).sum()).isEqualTo(12);
            assertThat((confusion.get(0) + confusion.get(3)) / 12.0)
                    .isEqualTo(report.getMetrics().get("accuracy"));
            assertThat(report.getLabels()).isEmpty();
            assertThat(report.getPairs()).isEmpty();
            assertThat(report.getFields())
                    .extracting(FieldReport::getName)
                    .containsExactlyInAnyOrder("features[0]", "features[1]");
            assertThat(report.getFields()).allSatisfy(field -> {
                assertThat(field.getMissing()).isZero();
                assertThat(field.getMean()).isBetween(-1.0, 1.0);
                assertThat(field.getLearnedMean()).isBetween(-1.0, 1.0);
                assertThat(field.getLearnedDeviation()).isBetween(0.3, 1.0);
                assertThat(field.getImportance()).isPositive();
            });
        });
    }

    @Test
    void shouldReportTargetsAndPredictionsOfARegression() {
        start("model.task", "regression", "model.classes", "");
        for (int i = 0; i < 24; i++) {
            examples.pipeInput(null, encoded(100f + i, 1, i, -i), time++);
        }
        List<ValidationLoss> reports = losses.readValuesToList();
        assertThat(reports).hasSize(2);
        assertThat(reports.get(1).getPairs())
                .extracting(pair -> pair.getTruth().get(0))
                .containsExactly(112.0, 113.0, 114.0, 115.0, 116.0, 117.0, 118.0, 119.0, 120.0, 121.0, 122.0, 123.0);
        assertThat(reports.get(1).getPairs().stream()
                        .mapToDouble(pair -> Math.abs(
                                pair.getTruth().get(0) - pair.getPredicted().get(0)))
                        .average()
                        .orElseThrow())
                .isCloseTo(reports.get(1).getMetrics().get("mae"), within(1e-9));
        assertThat(reports.get(1).getClasses()).isEmpty();
    }

    @Test
    void shouldReportTheCurvatureAsOftenAsConfigured() {
        start("validation.curvature.every", "2");
        sendExamples(48);
        List<ValidationLoss> reports = losses.readValuesToList();
        assertThat(reports).hasSize(4);
        for (int i = 0; i < 4; i++) {
            Double curvature = reports.get(i).getCurvature();
            Double step = reports.get(i).getOptimalStep();
            if (i % 2 == 0) {
                assertThat(curvature).isNull();
                assertThat(step).isNull();
            } else if (curvature > 0) {
                assertThat(step * curvature).isCloseTo(1, within(1e-12));
            } else {
                assertThat(step).isNull();
            }
        }
        assertThat(reports).extracting(ValidationLoss::getOptimalStep).anyMatch(step -> step != null);
    }

    @Test
    void shouldReportNoCurvatureUnlessAsked() {
        start();
        sendExamples(48);
        assertThat(losses.readValuesToList())
                .hasSize(4)
                .allMatch(report -> report.getCurvature() == null && report.getOptimalStep() == null);
    }
}
