package io.millrace.learner.network;

import static io.millrace.learner.network.EarlyStopping.Outcome.GAIN;
import static io.millrace.learner.network.EarlyStopping.Outcome.NO_GAIN;
import static io.millrace.learner.network.EarlyStopping.Outcome.PATIENCE_ENDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.spec.Validation;
import io.millrace.learner.state.ParameterDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which weights are served while the current ones learn on. */
class EarlyStoppingTest {

    @Test
    void shouldKeepTheBestUntilPatienceEndsAndThenTakeTheCurrent() {
        assertThat(outcomes(3, 0, 5, 4, 4.5, 4, 3.9, 4, 4, 9, 8.9, 9, 9, 9))
                .containsExactly(
                        GAIN,
                        GAIN,
                        NO_GAIN,
                        NO_GAIN,
                        GAIN,
                        NO_GAIN,
                        NO_GAIN,
                        PATIENCE_ENDED,
                        GAIN,
                        NO_GAIN,
                        NO_GAIN,
                        PATIENCE_ENDED);
    }

    @Test
    void shouldTakeALossForAGainThatIsLowerByMoreThanTheLeastGain() {
        assertThat(outcomes(9, 0.5, 5, 4.75, 4.5, 4.25, 3.75, 3.5))
                .containsExactly(GAIN, NO_GAIN, NO_GAIN, GAIN, NO_GAIN, GAIN);
    }

    @Test
    void shouldTakeEachReportWithAPatienceOfOne() {
        assertThat(outcomes(1, 0, 5, 6, 7, 3)).containsExactly(GAIN, PATIENCE_ENDED, PATIENCE_ENDED, GAIN);
    }

    @Test
    void shouldNeverTakeALossThatIsNotFinite() {
        double nan = Double.NaN;
        double infinite = Double.POSITIVE_INFINITY;
        assertThat(outcomes(2, 0, nan, infinite, nan, 5, nan, infinite, nan, 7))
                .containsExactly(NO_GAIN, NO_GAIN, NO_GAIN, GAIN, NO_GAIN, NO_GAIN, NO_GAIN, PATIENCE_ENDED);
    }

    private static List<EarlyStopping.Outcome> outcomes(int patience, double minGain, double... losses) {
        EarlyStopping stopping = new EarlyStopping(patience, minGain);
        List<EarlyStopping.Outcome> outcomes = new ArrayList<>();
        for (double loss : losses) {
            outcomes.add(stopping.report(loss));
        }
        return outcomes;
    }

    @Property
    void shouldServeNothingOlderThanThePatience(
            @ForAll @IntRange(min = 1, max = 6) int patience,
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 9) Integer> losses) {
        EarlyStopping stopping = new EarlyStopping(patience, 0);
        int best = -1;
        for (int i = 0; i < losses.size(); i++) {
            if (stopping.report(losses.get(i)) != NO_GAIN) {
                best = i;
            }
            assertThat(i - best).isEqualTo(stopping.reportsWithoutGain()).isLessThan(patience);
            assertThat(stopping.bestLoss()).isEqualTo((double) losses.get(best));
            // none since the best was better
            assertThat(losses.subList(best, i + 1)).allMatch(loss -> loss >= stopping.bestLoss());
        }
    }

    /** With batch normalisation over single examples, the loss grows until the guard refuses each step. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldStillReportTheBestModelWhenTheGuardReturnsToTheLastGoodWeights(boolean holdout) {
        shouldServeTheModelOfTheReportThatWasBest(Task.REGRESSION, holdout, true, 1, 1, 634);
    }

    @Property(tries = 60)
    void shouldServeTheModelOfTheReportThatWasBest(
            @ForAll Task task,
            @ForAll boolean holdout,
            @ForAll boolean batchNorm,
            @ForAll @IntRange(min = 1, max = 4) int patience,
            @ForAll @IntRange(min = 1, max = 5) int batchSize,
            @ForAll @IntRange(min = 0, max = 1000) int seed) {
        LearnerSpec spec = Specs.of(task)
                .batch(batchSize)
                .batchNorm(batchNorm)
                .reports(6)
                .holdout(holdout ? 0.3 : 0)
                .earlyStopping(patience, 0.001)
                .build();
        Map<Long, NetworkModel> models = new TreeMap<>();
        Map<Long, Score> scores = new TreeMap<>();
        List<Report> reports = new ArrayList<>();
        NetworkLearner[] it = new NetworkLearner[1];
        it[0] = new NetworkLearner(spec, report -> {
            if (report.refused().returnedTo() == null) { // such a report follows one of the same version
                models.put(it[0].version(), it[0].model());
                scores.put(it[0].version(), it[0].score());
            }
            reports.add(report);
        });
        List<Example> stream = Example.stream(spec, 300, seed);
        EarlyStopping expected = new EarlyStopping(patience, 0.001);
        long served = 0;
        int seen = 0;
        for (int i = 0; i < 300; i++) {
            try {
                Example.feed(it[0], spec, stream, i, i + 1);
            } catch (BadInputException e) {
                continue; // held out, when the loss is not finite any more
            }
            if (reports.size() > seen) {
                Report report = reports.get(seen++);
                Score watched = holdout ? report.heldOut() : new Score(0, report.loss(), Map.of());
                if (report.refused().returnedTo() != null) {
                    watched = null; // the losses are those of weights that are gone
                }
                EarlyStopping.Outcome outcome = watched == null ? NO_GAIN : expected.report(watched.loss());
                served = outcome == NO_GAIN ? served : report.examples();
                if (expected.hasBest()) {
                    assertThat(report.best())
                            .isEqualTo(new Report.Best(
                                    served,
                                    expected.bestLoss(),
                                    expected.reportsWithoutGain(),
                                    outcome == PATIENCE_ENDED));
                } else {
                    assertThat(report.best()).isNull();
                }
            }
            assertThat(it[0].servedVersion()).isEqualTo(expected.hasBest() ? served : it[0].version());
        }
        LearnerStateTest.assertSameBits(it[0].servedModel(), models.get(served));
        assertThat(it[0].servedScore()).isEqualTo(scores.get(served));
        assertThat(it[0].model().version()).isEqualTo(it[0].version()).isGreaterThanOrEqualTo(served);
    }

    @Test
    void shouldServeTheCurrentWeightsBeforeTheFirstReport() {
        LearnerSpec spec =
                Specs.classification().batch(1).reports(100).earlyStopping(3, 0).build();
        NetworkLearner learner = LearnerStateTest.trained(spec, 99, 1);

        assertThat(learner.servedVersion()).isEqualTo(99);
        LearnerStateTest.assertSameBits(learner.servedModel(), learner.model());
    }

    @Test
    void shouldLearnTheSameWithAndWithoutEarlyStopping() {
        NetworkLearner with = LearnerStateTest.trained(
                Specs.classification().earlyStopping(2, 0).build(), 300, 1);
        NetworkLearner without = LearnerStateTest.trained(Specs.classification().build(), 300, 1);

        LearnerStateTest.assertSameBits(with.model(), without.model());
        assertThat(with.score()).isEqualTo(without.score());
    }

    @Test
    void shouldKeepAServedModelWhileABetterOneIsFound() {
        LearnerSpec spec = Specs.classification().batch(1).earlyStopping(1, 0).build();
        NetworkLearner learner = LearnerStateTest.trained(spec, 50, 1);
        NetworkModel model = learner.servedModel();
        String sha256 = ParameterDigest.sha256(model.parameters());

        Example.stream(spec, 50, 2).forEach(example -> example.learnedBy(learner));

        assertThat(learner.servedVersion()).isGreaterThan(model.version());
        assertThat(ParameterDigest.sha256(model.parameters())).isEqualTo(sha256);
    }

    @Test
    void shouldRefuseALeastGainWithoutPatience() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Validation(10, 0.9, 0, 0, 0.1))
                .withMessageContaining("minGain = 0.1");
        assertThatIllegalArgumentException().isThrownBy(() -> new Validation(10, 0.9, 1, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Validation(10, 0.9, 0, -1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Validation(10, 0.9, 0, 1, Double.NaN));
    }
}
