package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.input.Standardizer;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each example is judged as the model from before its mini-batch predicts it, and reports are means of these judgements. */
class PrequentialTest {
    private static final double CLOSE = 1e-9;

    @ParameterizedTest
    @EnumSource
    void shouldReportWhatThePredictorOfTheModelBeforeTheBatchGives(Task task) {
        for (int batchSize : new int[] {1, 3, 5}) {
            Specs specs = Specs.of(task).batch(batchSize).reports(11).fading(0.95);
            verifyReports(specs.batchNorm(false).build());
            verifyReports(specs.batchNorm(true).build());
            verifyReports(specs.dropout(0.4).build());
        }
    }

    private static void verifyReports(LearnerSpec spec) {
        List<Report> reports = new ArrayList<>();
        List<NaiveReports.Judged> judged = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        List<Example> open = new ArrayList<>();
        int unjudged = 0;
        Standardizer features = new Standardizer(Specs.INPUTS, spec.standardizeRate());
        for (Example example : Example.stream(spec, 300, 5)) {
            NetworkModel before = learner.model();
            open.add(example);
            example.learnedBy(learner);
            if (learner.version() > before.version()) {
                List<Example> closed = open.subList(0, open.size() - learner.waiting());
                closed.forEach(row -> judged.add(judge(spec, before, features, row)));
                if (before.version() == 0 && spec.standardizeTargets()) {
                    unjudged = judged.size();
                    judged.clear();
                }
                closed.clear();
            }
        }
        NaiveReports naive = new NaiveReports(spec, unjudged, judged);

        assertThat(reports).hasSizeGreaterThan(10);
        naive.verify(reports);
        assertThat(learner.score().examples())
                .isEqualTo(learner.version() - unjudged)
                .isEqualTo(judged.size());
        assertThat(learner.score().loss())
                .isCloseTo(
                        judged.stream()
                                .mapToDouble(NaiveReports.Judged::loss)
                                .average()
                                .orElseThrow(),
                        within(1e-5));
    }

    /** Weights and targets' statistics of the model before the batch, features' statistics up to the example. */
    private static NaiveReports.Judged judge(
            LearnerSpec spec, NetworkModel before, Standardizer features, Example row) {
        features.update(row.features(), 0);
        NetworkModel model = new NetworkModel(
                before.architecture(),
                before.task(),
                before.classes(),
                before.version(),
                before.parameters(),
                before.state(),
                features.means().clone(),
                features.variances().clone(),
                before.targetMeans(),
                before.targetVariances());
        float[] scores = new float[model.scores()];
        new NetworkPredictor(model).predict(row.features(), scores);
        return NaiveReports.Judged.of(spec, scores, row);
    }

    @Test
    void shouldReportWithTheStepThatBringsTheExamples() {
        List<Report> reports = new ArrayList<>();
        LearnerSpec spec =
                Specs.classification().batch(4).window(1_000_000).reports(10).build();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);

        Example.stream(spec, 11, 1).forEach(example -> example.learnedBy(learner));
        assertThat(reports).isEmpty();
        Example.stream(spec, 25, 2).forEach(example -> example.learnedBy(learner));

        assertThat(reports).extracting(Report::examples).containsExactly(12L, 24L, 36L);
        assertThat(reports).extracting(Report::reportExamples).containsOnly(12L);
        assertThat(reports).extracting(Report::step).containsExactly(3L, 6L, 9L);
        assertThat(reports).extracting(Report::learningRate).containsOnly(0.05);
        assertThat(reports)
                .allSatisfy(
                        report -> assertThat(report.gradientNorm()).isPositive().isFinite());
    }

    @Test
    void shouldReportTheLowestAndTheHighestEventTime() {
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(
                Specs.classification().batch(2).window(1_000_000).reports(4).build(), reports::add);
        for (long timestamp : new long[] {500, 900, 20, 700, 600, 600, 650, 610}) {
            learner.learn(new float[4], new float[1], 1, timestamp);
        }

        assertThat(reports).extracting(Report::firstTimestamp).containsExactly(20L, 600L);
        assertThat(reports).extracting(Report::lastTimestamp).containsExactly(900L, 650L);
    }

    @ParameterizedTest
    @EnumSource
    void shouldChangeNothingByPredicting(Task task) {
        LearnerSpec spec = Specs.of(task).build();
        NetworkLearner learner = LearnerStateTest.trained(spec, 50, 1);
        List<byte[]> before = LearnerStateTest.saved(learner);
        NetworkModel model = learner.model();
        NetworkPredictor predictor = new NetworkPredictor(model);
        float[] features = {1, -2, 3, 40};
        float[] first = new float[model.scores()];
        float[] again = new float[model.scores()];

        predictor.predict(features, first);
        for (Example example : Example.stream(spec, 20, 9)) {
            predictor.predict(example.features(), again);
        }
        predictor.predict(features, again);

        assertThat(again).isEqualTo(first);
        assertThat(features).containsExactly(1, -2, 3, 40);
        assertThat(model).usingRecursiveComparison().isEqualTo(learner.model());
        assertThat(LearnerStateTest.saved(learner)).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void shouldRefuseAModelWithoutItsRunningAverages() {
        LearnerSpec spec = Specs.classification().batchNorm(true).build();
        NetworkModel whole = LearnerStateTest.trained(spec, 20, 1).model();
        NetworkModel part = new NetworkModel(
                whole.architecture(),
                whole.task(),
                whole.classes(),
                whole.version(),
                whole.parameters(),
                whole.featureMeans(),
                whole.featureVariances(),
                whole.targetMeans(),
                whole.targetVariances());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NetworkPredictor(part))
                .withMessage("the model has 0 running averages, its architecture 10");
    }

    @Test
    void shouldGiveTwoProbabilitiesForTwoClassesOnOneOutput() {
        LearnerSpec spec = Specs.binary().build();
        NetworkModel model = LearnerStateTest.trained(spec, 50, 1).model();
        float[] scores = new float[2];

        new NetworkPredictor(model).predict(new float[] {1, 2, 3, 4}, scores);

        assertThat(model.scores()).isEqualTo(2);
        assertThat(scores[0]).isBetween(0f, 1f);
        assertThat((double) scores[0] + scores[1]).isCloseTo(1, within(1e-6));
    }

    @Test
    void shouldLearnWhatCanBeLearned() {
        LearnerSpec spec = Specs.binary().batch(1).reports(1000).build();
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        java.util.Random random = new java.util.Random(4);
        for (int i = 0; i < 4000; i++) {
            float[] x = {(float) random.nextGaussian(), 3000 + random.nextInt(1000), 1, 0};
            learner.learn(x, new float[] {x[0] > 0 ? 1 : 0}, 1, i);
        }

        assertThat(reports.get(3).metrics().get("accuracy")).isGreaterThan(0.95);
        assertThat(reports.get(3).loss()).isLessThan(reports.get(0).loss());
        assertThat(reports.get(3).metrics().get("logLoss"))
                .isCloseTo(reports.get(3).loss(), within(CLOSE));
    }
}
