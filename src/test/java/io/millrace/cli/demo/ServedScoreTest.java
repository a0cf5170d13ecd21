package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.cli.csv.LabelledRow;
import io.millrace.learner.network.Specs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.FloatVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers and the labels of their rows. */
class ServedScoreTest {
    private int read; // rows of the stream

    /** A stream of rows with these targets, each of which was sent as a request. */
    private ServedScore score(LearnerSpec learner, float[]... targets) {
        return score(learner, 1, targets);
    }

    private ServedScore score(LearnerSpec learner, double share, float[]... targets) {
        List<LabelledRow> rows = new ArrayList<>();
        for (int i = 0; i < targets.length; i++) {
            rows.add(new LabelledRow(new float[] {i}, List.of()));
        }
        return new ServedScore(
                learner,
                new AskedRows(
                        rows,
                        row -> {
                            read++;
                            return targets[(int) row.features()[0]];
                        },
                        new RequestShare(share)));
    }

    private static Prediction answer(long version, float... scores) {
        return new Prediction(PredictionStatus.OK, new FloatVector(scores), null, null, "m", version, null);
    }

    private static Prediction without(PredictionStatus status) {
        return new Prediction(status, List.of(), null, null, "m", 0L, "why");
    }

    private static float[][] classes(int... classes) {
        return Arrays.stream(classes).mapToObj(c -> new float[] {c}).toArray(float[][]::new);
    }

    @Test
    void shouldJudgeClassesByTheMostProbableOne() {
        ServedScore score = score(Specs.classification().build(), classes(0, 2, 1));
        score.add(0, answer(0, 0.5f, 0.25f, 0.25f));
        score.add(1, answer(1, 0.5f, 0.25f, 0.25f));
        score.add(2, answer(1, 0, 1, 0));

        assertThat(score.judged()).isEqualTo(3);
        assertThat(score.metrics()).containsOnlyKeys("accuracy", "logLoss");
        assertThat(score.metrics().get("accuracy")).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(score.metrics().get("logLoss")).isCloseTo((Math.log(2) + Math.log(4)) / 3, within(1e-6));
    }

    @Test
    void shouldJudgeLabelsOneByOneAndKeepTheLossFinite() {
        ServedScore score = score(Specs.multilabel().build(), new float[] {1, 0}, new float[] {1, 0});
        score.add(0, answer(0, 0.75f, 0.75f));
        score.add(1, answer(0, 0, 0));

        assertThat(score.metrics().get("accuracy")).isCloseTo(0.5, within(1e-12));
        assertThat(score.metrics().get("logLoss")).isBetween(40.0, 50.0);
    }

    @Test
    void shouldMeasureErrorsInTheUnitOfTheTargets() {
        ServedScore score = score(Specs.regression(2).build(), new float[] {10, 20}, new float[] {0, 0});
        score.add(0, answer(0, 11, 17));
        score.add(1, answer(0, 0, 0));

        assertThat(score.metrics().get("mae")).isCloseTo(1, within(1e-12));
        assertThat(score.metrics().get("rmse")).isCloseTo(Math.sqrt((1 + 9) / 4.0), within(1e-12));
    }

    @Test
    void anAgeShouldBeTheLearnableRowsBeforeTheRequestThatTheVersionLacks() {
        float[][] targets = classes(0, 0, 0, 0, 0, 0);
        targets[1] = null; // refused
        ServedScore score = score(Specs.classification().build(), targets);
        score.add(5, answer(1, 1, 0, 0));
        assertThat(score.age(0.5)).isEqualTo(3);

        ServedScore heldOut = score(Specs.classification().holdout(0.5).build(), targets);
        heldOut.add(5, answer(1, 1, 0, 0));
        assertThat(heldOut.age(0.5)).isEqualTo(1);
    }

    @Test
    void shouldNotJudgeAnswersThatPredictNothing() {
        float[][] targets = classes(0, 0, 0, 0, 0, 0);
        targets[3] = null;
        ServedScore score = score(Specs.classification().build(), targets);
        score.add(0, without(PredictionStatus.NO_MODEL));
        score.add(1, without(PredictionStatus.BAD_INPUT));
        score.add(2, answer(3, 1, 0, 0)); // knows the label
        score.add(3, answer(3, 1, 0, 0)); // there is no label
        score.add(-1, answer(3, 1, 0, 0)); // of somebody else
        assertThat(score.judged()).isZero();
        assertThat(score.metrics()).isEmpty();
        assertThat(score.tooLate()).isEqualTo(1);
        assertThat(score.unlabelled()).isEqualTo(1);

        score.add(4, answer(3, 0, 1, 0));
        score.add(4, answer(4, 1, 0, 0)); // a second answer
        assertThat(score.judged()).isEqualTo(1);
        assertThat(score.metrics().get("accuracy")).isZero();
    }

    @Test
    void shouldJudgeInAnyOrderAndReadTheStreamAsFarAsTheAnswers() {
        ServedScore score = score(Specs.classification().build(), 0.5, classes(0, 0, 0, 1, 0, 2, 0, 0));
        score.add(3, answer(2, 0, 1, 0));
        assertThat(read).isEqualTo(4);
        score.add(5, answer(2, 0, 0, 1));
        score.add(1, answer(1, 1, 0, 0));
        score.add(2, answer(1, 0, 0, 1)); // was not asked
        assertThat(read).isEqualTo(6);
        assertThat(score.judged()).isEqualTo(3);
        assertThat(score.metrics().get("accuracy")).isEqualTo(1);
    }
}
