package io.millrace.learner.ensemble;

import static io.millrace.Allocations.settledBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.feature.InputRow;
import io.millrace.learner.Server;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Standardizer;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.network.Example;
import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which statistics and which mixture answer a request. The time of an example is its number. */
class EnsembleServerTest {
    private static final LearnerSpec SPEC = Streams.spec(Task.CLASSIFICATION);
    private static final EnsembleInputs INPUTS = EnsembleInputs.of(SPEC);
    private static final List<Example> STREAM = Example.stream(SPEC, 600, 1);

    private final Ensemble ensemble =
            new Ensemble(Design.of(INPUTS), Task.CLASSIFICATION, null, INPUTS, 3, null, SPEC.guard(), SPEC.seed());
    private final float[] scores = new float[3];
    private int learned;

    /** The version that has learned all examples before one. */
    private EnsembleModel version(int end) {
        for (; learned < end; learned++) {
            ensemble.predict(InputRow.of(STREAM.get(learned).features()));
            ensemble.learn(STREAM.get(learned).target(), 1);
        }
        return ensemble.model(Task.CLASSIFICATION, SPEC.classes(), learned - 1, null);
    }

    private float[] answer(Server server, int request) {
        server.answer(InputRow.of(STREAM.get(request).features()), request, scores);
        return scores.clone();
    }

    /** What a version answers with these short statistics and weights. */
    private static float[] expected(EnsembleModel version, Standardizer fast, double[] weights, int request) {
        float[] answer = new float[3];
        new EnsemblePredictor(version).predict(InputRow.of(STREAM.get(request).features()), fast, weights, answer);
        return answer;
    }

    private static Standardizer fast(EnsembleModel version) {
        Standardizer fast = new Standardizer(4, Views.FAST);
        fast.set(version.counts(), version.fastMeans(), version.fastVariances());
        return fast;
    }

    private static void enter(Standardizer statistics, int request, double rate) {
        float[] features = STREAM.get(request).features();
        statistics.update(new double[] {features[0], features[1], features[2], features[3]}, rate);
    }

    private static double[] mixed(EnsembleModel version, double lagging) {
        return new EnsemblePredictor(version).lagging(lagging);
    }

    /** Exactly: with the memory of labels, and both views as training has them. */
    @ParameterizedTest
    @EnumSource
    void shouldAnswerAsTrainingPredictsWhereEachLabelComesBeforeTheNextRequest(Task task) {
        LearnerSpec spec = Streams.spec(task);
        List<Example> stream = Example.stream(spec, 300, 1);
        int outputs = EnsembleState.outputs(spec);
        TargetScaler scaler = task == Task.REGRESSION ? new TargetScaler(outputs, spec.rules()) : null;
        Ensemble trained =
                new Ensemble(Design.of(INPUTS), task, null, INPUTS, outputs, scaler, spec.guard(), spec.seed());
        Server server = null;
        float[] served = new float[outputs];
        for (int i = 0; i < stream.size(); i++) {
            float[] features = stream.get(i).features();
            EnsembleModel version = trained.model(task, spec.classes(), i - 1, null);
            server = version.predictor().server(server, i == 0 ? -1 : 1);
            server.answer(InputRow.of(features), i, served);
            trained.predict(InputRow.of(features));
            for (int k = 0; k < outputs && i > 0; k++) {
                float answer = (float) trained.answer()[k];
                assertThat(served[k])
                        .as("row %s", i)
                        .isEqualTo(scaler == null ? answer : (float) scaler.unscale(answer, k));
            }
            trained.learn(stream.get(i).target(), 1);
        }
    }

    @Test
    void shouldMoveTheShortStatisticsWithTheRequestsAndLeaveTheLongOnes() {
        EnsembleModel version = version(200);
        Server server = version.predictor().server(null, -1);
        Standardizer fast = fast(version);
        assertThat(answer(server, 250)).isEqualTo(expected(version, fast, mixed(version, 0.5), 250));
        for (int i = 251; i < 300; i++) {
            enter(fast, i - 1, 0.03);
            assertThat(answer(server, i)).isEqualTo(expected(version, fast, mixed(version, 0.75), i));
        }
        float[] alone = new float[3];
        version.predictor().predict(InputRow.of(STREAM.get(299).features()), alone);
        assertThat(scores).isNotEqualTo(alone);
    }

    @Test
    void shouldEnterTheRequestsThatAreNewerThanAVersionIntoItsStatistics() {
        Server server = version(200).predictor().server(null, -1);
        for (int i = 210; i < 260; i++) { // of 50 examples to come, half of a request each
            answer(server, i);
        }
        EnsembleModel next = version(250);
        server = next.predictor().server(server, 50);
        Standardizer fast = fast(next);
        for (int i = 250; i < 260; i++) {
            enter(fast, i, 0.03);
        }
        assertThat(answer(server, 260)).isEqualTo(expected(next, fast, mixed(next, 0.75), 260));
    }

    @Test
    void shouldKeepItsShortStatisticsWhenAllRequestsItKnowsAreNewer() {
        EnsembleModel version = version(100);
        Server server = version.predictor().server(null, -1);
        Standardizer fast = fast(version);
        for (int i = 300; i < 430; i++) {
            answer(server, i);
            enter(fast, i, 0.03);
        }
        EnsembleModel next = version(230);
        server = next.predictor().server(server, 130);
        assertThat(answer(server, 430)).isEqualTo(expected(next, fast, mixed(next, 0.75), 430));
    }

    @Test
    void shouldLetARequestCountAsTheRowsItStandsForWhereFewRowsHaveOne() {
        Server server = version(100).predictor().server(null, -1);
        for (int i = 100; i < 200; i += 10) {
            answer(server, i);
        }
        EnsembleModel next = version(200);
        server = next.predictor().server(server, 100);
        Standardizer fast = fast(next);
        assertThat(answer(server, 200)).isEqualTo(expected(next, fast, mixed(next, 0.5), 200));
        enter(fast, 200, 1 - Math.pow(0.97, 10));
        assertThat(answer(server, 210)).isEqualTo(expected(next, fast, mixed(next, 0.5), 210));
    }

    /** A task that sees few rows does not know that a version is the newest, unless versions come one by one. */
    @Test
    void shouldTakeAVersionForTheNewestOnlyIfItCanKnow() {
        Server server = version(100).predictor().server(null, -1);
        answer(server, 100);
        EnsembleModel next = version(120);
        server = next.predictor().server(server, 20);
        assertThat(answer(server, 120)).as("a share of 1 / 20").isNotEqualTo(training(120));
        next = version(140);
        server = next.predictor().server(server, 1);
        assertThat(answer(server, 140)).as("one example").isEqualTo(training(140));
        for (int i = 141; i < 300; i++) {
            answer(server, i);
        }
        next = version(300);
        server = next.predictor().server(server, 160);
        assertThat(answer(server, 300)).as("a share near 1").isEqualTo(training(300));
        assertThat(answer(server, 301)).as("one row too old").isNotEqualTo(training(301));
    }

    private float[] training(int row) {
        ensemble.predictOnly(InputRow.of(STREAM.get(row).features()), new Views(null, EnsembleInputs.of(SPEC)));
        double[] answer = ensemble.answer();
        return new float[] {(float) answer[0], (float) answer[1], (float) answer[2]};
    }

    /** The last label would be a stale one. */
    @Test
    void shouldNeverTakeAVersionForTheNewestWhoseTimeIsNotKnown() {
        version(100);
        EnsembleModel old = ensemble.model(Task.CLASSIFICATION, SPEC.classes(), -1, null);
        Server server = old.predictor().server(null, 1);

        assertThat(answer(server, 100)).isEqualTo(expected(old, fast(old), mixed(old, 0.5), 100));
    }

    /** With a time to the second, say, many rows have the same. */
    @Test
    void shouldTakeOneOfSeveralRequestsWithTheTimeOfTheNewestExampleForItsOwn() {
        Server server = version(100).predictor().server(null, -1);
        InputRow row = InputRow.of(STREAM.get(500).features());
        for (int i = 0; i < 100; i++) {
            server.answer(row, 199, scores);
        }
        EnsembleModel next = version(200);
        server = next.predictor().server(server, 100);
        Standardizer fast = fast(next);
        for (int i = 1; i < 100; i++) {
            enter(fast, 500, 0.03);
        }
        assertThat(answer(server, 501)).isEqualTo(expected(next, fast, mixed(next, 0.75), 501));
    }

    @Test
    void aRefusedRequestShouldLeaveNoTrace() {
        EnsembleModel version = version(100);
        Server asked = version.predictor().server(null, -1);
        Server other = version.predictor().server(null, -1);
        answer(asked, 100);
        answer(other, 100);
        for (InputRow bad : List.of(InputRow.of(1, 2), InputRow.of(1, 2, Float.NaN, 3))) {
            assertThatThrownBy(() -> asked.answer(bad, 101, scores)).isInstanceOf(BadInputException.class);
        }
        assertThat(answer(asked, 102)).isEqualTo(answer(other, 102));
        EnsembleModel next = version(101);
        assertThat(answer(next.predictor().server(asked, 1), 103))
                .isEqualTo(answer(next.predictor().server(other, 1), 103));
    }

    @Test
    @Tag("allocation")
    void shouldAllocateNothingForARequest() {
        Server server = version(100).predictor().server(null, -1);
        InputRow row = InputRow.of(STREAM.get(0).features());

        assertThat(settledBytes(() -> {
                    for (int i = 0; i < 300; i++) {
                        server.answer(row, i, scores);
                    }
                }))
                .isZero();
    }
}
