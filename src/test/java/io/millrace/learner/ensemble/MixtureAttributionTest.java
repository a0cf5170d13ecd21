package io.millrace.learner.ensemble;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.FieldSummary;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.network.Example;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.kernels.KernelsProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each number contributes to the logit of the mixture, against difference quotients of that logit. */
class MixtureAttributionTest {
    private static final double H = 0.004;
    private static final int LEARNED = 1500;
    private static final int EXPLAINED = 60;

    private LearnerSpec spec;
    private EnsembleState state;
    private Views views;

    private void learn(List<Example> stream) {
        state = new EnsembleState(spec, Design.of(EnsembleInputs.of(spec)));
        views = state.ensemble.views();
        for (Example example : stream.subList(0, LEARNED)) {
            state.ensemble.predict(InputRow.of(example.features()));
            state.ensemble.learn(example.target(), 1);
        }
    }

    /** A weighted sum of the logits of all networks. */
    private double logit(float[] score) {
        double sum = 0;
        int expert = 0;
        for (Member member : state.ensemble.members()) {
            float[] logits = new float[member.experts() * score.length];
            member.predict(views, logits, 0);
            for (int e = 0; e < member.experts(); e++) {
                double weight = state.ensemble.weights()[expert++];
                for (int k = 0; k < score.length; k++) {
                    sum += weight * score[k] * logits[e * score.length + k];
                }
            }
        }
        return sum;
    }

    /** Scales a number in all places where it enters. */
    private void scale(float[] slow, float[] fast, int j, double by) {
        views.slow()[j] = (float) (slow[j] * by);
        views.fast()[j] = (float) (fast[j] * by);
        int[] placed = IntStream.range(0, slow.length).toArray();
        Bins.place(
                KernelsProvider.kernels().newInstance(),
                views.slow(),
                0,
                placed,
                views.places(),
                0,
                new float[placed.length]);
    }

    private double quotient(float[] score, int j) {
        float[] slow = views.slow().clone();
        float[] fast = views.fast().clone();
        scale(slow, fast, j, 1 + H);
        double above = logit(score);
        scale(slow, fast, j, 1 - H);
        double below = logit(score);
        scale(slow, fast, j, 1);
        return (above - below) / (2 * H);
    }

    /** Of the rectifiers and bins that a small step passes, quotients are wrong: so the sum of all differences is small. */
    @ParameterizedTest
    @EnumSource
    void shouldBeTheGradientOfTheMixtureTimesItsInput(Task task) {
        spec = Specs.of(task).reports(1).build();
        List<Example> stream = Example.stream(spec, LEARNED + EXPLAINED, 3);
        learn(stream);
        float[] score = new float[EnsembleState.outputs(spec)];
        score[1] = 1;
        double differences = 0;
        double contributions = 0;
        for (Example example : stream.subList(LEARNED, LEARNED + EXPLAINED)) {
            state.ensemble.predict(InputRow.of(example.features()));
            FieldSummary fields = new FieldSummary(spec);
            state.attribution.explain(views, state.ensemble.weights(), score, fields);
            for (Report.Field field : fields.report(new double[0], new double[0])) {
                int j = Integer.parseInt(field.name().replaceAll("\\D", ""));
                double expected = Math.abs(quotient(score, j));
                differences += Math.abs(field.importance() - expected);
                contributions += expected;
            }
        }
        assertThat(contributions).isGreaterThan(EXPLAINED / 10.0);
        assertThat(differences).isLessThan(0.02 * contributions);
    }

    @ParameterizedTest
    @EnumSource
    void shouldReportTheSameOutcomesAsItsMeansAndTheFeaturesThatMatterFirst(Task task) {
        spec = Specs.of(task).reports(500).build();
        List<Report> reports = new ArrayList<>();
        EnsembleLearner learner = new EnsembleLearner(spec, reports::add);
        Streams.learn(learner, Example.stream(spec, 4000, 1));
        for (Report report : reports.subList(1, reports.size())) {
            Report.Outcomes outcomes = report.outcomes();
            switch (task) {
                case CLASSIFICATION -> {
                    List<Integer> counts = outcomes.confusion();
                    assertThat((counts.get(0) + counts.get(4) + counts.get(8)) / 500.0)
                            .isEqualTo(report.metrics().get("accuracy"));
                }
                case MULTILABEL -> assertThat(outcomes.labels()).hasSize(2);
                case REGRESSION -> assertThat(outcomes.pairs()).hasSize(63);
            }
        }
        Report last = reports.get(reports.size() - 1);
        assertThat(last.fields().subList(0, 2))
                .extracting(Report.Field::name)
                .containsExactlyInAnyOrder("features[0]", "features[1]");
        assertThat(last.fields().get(0).learnedMean()).isBetween(-1.0, 2.0);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("allocation")
    void shouldAllocateNothing(Task task) {
        spec = Specs.of(task).reports(Integer.MAX_VALUE).build();
        learn(Example.stream(spec, LEARNED, 3));
        float[] score = new float[EnsembleState.outputs(spec)];
        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 300; i++) {
                        state.attribution.explain(views, state.ensemble.weights(), score, state.fields);
                    }
                }))
                .isZero();
    }
}
