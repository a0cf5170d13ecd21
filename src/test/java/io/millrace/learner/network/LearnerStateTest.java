package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.learner.evaluation.Report;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a learner saves is all that it is. */
public class LearnerStateTest {
    private static final List<String> OPTIMIZERS =
            List.of("sgd", "momentum", "nesterov", "nesterov_torch", "adagrad", "rmsprop", "adam", "adamw");

    @Property(tries = 150)
    void shouldContinueBitByBitAfterRestoreAtAnyPoint(
            @ForAll Task task,
            @ForAll @IntRange(min = 0, max = 7) int optimizer,
            @ForAll @IntRange(min = 1, max = 9) int batchSize,
            @ForAll boolean standardize,
            @ForAll boolean batchNorm,
            @ForAll boolean dropout,
            @ForAll boolean holdout,
            @ForAll @IntRange(min = 0, max = 3) int patience,
            @ForAll @IntRange(min = 1, max = 3) int window,
            @ForAll @IntRange(min = 0, max = 120) int point,
            @ForAll @IntRange(min = 0, max = 1000) int seed) {
        LearnerSpec spec = Specs.of(task)
                .optimizer(Optimizer.of(OPTIMIZERS.get(optimizer)), standardize ? 1e-4 : 1e-6)
                .batch(batchSize)
                .standardize(standardize, standardize)
                .batchNorm(batchNorm)
                .dropout(dropout ? 0.3 : 0)
                .window(window * 150L)
                .reports(7)
                .holdout(holdout ? 0.3 : 0)
                .earlyStopping(patience, patience / 100.0)
                .build();
        List<Example> stream = Example.stream(spec, 120, seed);
        List<Report> expectedReports = new ArrayList<>();
        NetworkLearner uninterrupted = new NetworkLearner(spec, expectedReports::add);
        Example.feed(uninterrupted, spec, stream, 0, 120);

        List<Report> reports = new ArrayList<>();
        NetworkLearner before = new NetworkLearner(spec, reports::add);
        Example.feed(before, spec, stream, 0, point);
        NetworkLearner after = restored(spec, before, reports);
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(after.waiting()).isEqualTo(before.waiting());
        assertThat(after.heldOut()).isEqualTo(before.heldOut());
        assertThat(after.servedVersion()).isEqualTo(before.servedVersion());
        Example.feed(after, spec, stream, point, 120);

        assertThat(saved(after)).usingRecursiveComparison().isEqualTo(saved(uninterrupted));
        assertThat(sha256(after)).isEqualTo(sha256(uninterrupted));
        assertThat(after.model().state())
                .isEqualTo(uninterrupted.model().state())
                .hasSize(batchNorm ? 10 : 0);
        assertThat(after.score()).isEqualTo(uninterrupted.score());
        assertSameBits(after.servedModel(), uninterrupted.servedModel());
        assertThat(after.servedScore()).isEqualTo(uninterrupted.servedScore());
        assertThat(after.version()).isEqualTo(uninterrupted.version());
        assertThat(after.nextPosition()).isEqualTo(uninterrupted.nextPosition());
        assertThat(reports).isEqualTo(expectedReports).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheSameWeightsForTheSameStream(Task task) {
        LearnerSpec spec = Specs.of(task).build();

        assertThat(sha256(trained(spec, 200, 1))).isEqualTo(sha256(trained(spec, 200, 1)));
        assertThat(sha256(trained(spec, 200, 1))).isNotEqualTo(sha256(trained(spec, 200, 2)));
        assertThat(sha256(trained(spec, 200, 1)))
                .isNotEqualTo(sha256(trained(Specs.of(task).seed(2).build(), 200, 1)));
    }

    @ParameterizedTest
    @EnumSource
    void shouldGiveTheSameModelForAVersionWhateverWaits(Task task) {
        LearnerSpec spec = Specs.of(task).batch(8).window(1_000_000).build();
        List<Example> stream = Example.stream(spec, 23, 3);
        NetworkLearner some = new NetworkLearner(spec, report -> {});
        NetworkLearner more = new NetworkLearner(spec, report -> {});
        stream.subList(0, 16).forEach(example -> example.learnedBy(some));
        stream.forEach(example -> example.learnedBy(more));

        assertThat(more.waiting()).isEqualTo(7);
        assertThat(more.version()).isEqualTo(some.version()).isEqualTo(16);
        assertThat(more.model()).usingRecursiveComparison().isEqualTo(some.model());
        assertThat(more.score()).isEqualTo(some.score());
    }

    @Test
    void shouldKeepAModelWhileTheLearnerLearnsOn() {
        LearnerSpec spec = Specs.regression(1).build();
        NetworkLearner learner = trained(spec, 40, 1);
        NetworkModel model = learner.model();
        String sha256 = ParameterDigest.sha256(model.parameters());
        double mean = model.featureMeans()[0];
        double target = model.targetMeans()[0];

        Example.stream(spec, 40, 2).forEach(example -> example.learnedBy(learner));

        assertThat(ParameterDigest.sha256(model.parameters())).isEqualTo(sha256).isNotEqualTo(sha256(learner));
        assertThat(model.featureMeans()[0]).isEqualTo(mean);
        assertThat(model.targetMeans()[0]).isEqualTo(target);
    }

    @Test
    void shouldRefuseTheStateOfAnotherShape() {
        StateWriter out = new StateWriter();
        new NetworkLearner(Specs.classification().build(), report -> {}).save(out);
        NetworkLearner other =
                new NetworkLearner(Specs.classification().shape(4, 6, 3).build(), report -> {});

        assertThatThrownBy(() -> other.restore(new StateReader(out.chunks())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("4-5:relu")
                .hasMessageContaining("4-6:relu")
                .hasMessageContaining("application.id");
    }

    @Test
    void shouldTellAStateWithBatchNormFromOneWithout() {
        StateWriter out = new StateWriter();
        new NetworkLearner(Specs.classification().batchNorm(true).build(), report -> {}).save(out);
        NetworkLearner other = new NetworkLearner(Specs.classification().build(), report -> {});

        assertThatThrownBy(() -> other.restore(new StateReader(out.chunks())))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("4-5:relu:batch_norm-3:identity ")
                .hasMessageContaining("4-5:relu-3:identity ");
    }

    @ParameterizedTest
    @EnumSource
    void shouldDropByTheSeed(Task task) {
        LearnerSpec spec = Specs.of(task).dropout(0.5).build();
        LearnerSpec without = Specs.of(task).build();

        assertThat(sha256(trained(spec, 200, 1))).isEqualTo(sha256(trained(spec, 200, 1)));
        assertThat(sha256(trained(spec, 200, 1))).isNotEqualTo(sha256(trained(without, 200, 1)));
    }

    @Test
    void shouldRestoreWithAnotherLearningRateAndBatchSize() {
        NetworkLearner learner =
                trained(Specs.classification().batch(4).window(1_000_000).build(), 41, 1);

        LearnerSpec changed = Specs.classification()
                .optimizer(Optimizer.of("sgd"), 0.5f)
                .batch(2)
                .build();

        assertThat(sha256(restored(changed, learner, new ArrayList<>()))).isEqualTo(sha256(learner));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0.3,0", "0,2", "0.3,2"})
    void shouldRestoreWhateverOfHoldoutAndEarlyStoppingIsSwitchedOnOrOff(double fraction, int patience) {
        for (double formerFraction : new double[] {0, 0.3}) {
            for (int formerPatience : new int[] {0, 2}) {
                LearnerSpec former = watched(formerFraction, formerPatience);
                NetworkLearner before = new NetworkLearner(former, report -> {});
                List<Example> stream = Example.stream(former, 200, 1);
                Example.feed(before, former, stream, 0, 100);

                LearnerSpec now = watched(fraction, patience);
                NetworkLearner after = restored(now, before, new ArrayList<>());

                assertSameBits(after.model(), before.model());
                boolean sameLoss = fraction == formerFraction;
                assertThat(after.servedVersion())
                        .isEqualTo(patience > 0 && sameLoss ? before.servedVersion() : before.version());
                assertThat(after.heldOut()).isEqualTo(fraction > 0 ? before.heldOut() : 0);
                Example.feed(after, now, stream, 100, 200);
                assertThat(after.servedVersion()).isGreaterThanOrEqualTo(before.servedVersion());
            }
        }
    }

    private static LearnerSpec watched(double fraction, int patience) {
        return Specs.regression(2).holdout(fraction).earlyStopping(patience, 0).build();
    }

    @Test
    void shouldRefuseAnOpenMiniBatchThatTheBatchSizeCannotHold() {
        NetworkLearner learner =
                trained(Specs.classification().batch(8).window(1_000_000).build(), 13, 1);
        LearnerSpec smaller = Specs.classification().batch(5).build();

        assertThat(learner.waiting()).isEqualTo(5);
        assertThatThrownBy(() -> restored(smaller, learner, new ArrayList<>()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("5 examples")
                .hasMessageContaining("set batch.size above 5");
    }

    static NetworkLearner trained(LearnerSpec spec, int examples, long seed) {
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        Example.stream(spec, examples, seed).forEach(example -> example.learnedBy(learner));
        return learner;
    }

    public static NetworkLearner restored(LearnerSpec spec, NetworkLearner from, List<Report> reports) {
        StateWriter state = new StateWriter();
        from.save(state);
        StateWriter batch = new StateWriter();
        from.saveBatch(batch);
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        learner.restore(new StateReader(state.chunks()));
        learner.restoreBatch(new StateReader(batch.chunks()));
        return learner;
    }

    /** Recursive comparison of AssertJ would let small differences pass, and no NaN. */
    static void assertSameBits(NetworkModel actual, NetworkModel expected) {
        assertThat(actual.architecture()).isEqualTo(expected.architecture());
        assertThat(actual.version()).isEqualTo(expected.version());
        assertThat(actual.parameters()).isEqualTo(expected.parameters());
        assertThat(actual.state()).isEqualTo(expected.state());
        assertThat(actual.featureMeans()).isEqualTo(expected.featureMeans());
        assertThat(actual.featureVariances()).isEqualTo(expected.featureVariances());
        assertThat(actual.targetMeans()).isEqualTo(expected.targetMeans());
        assertThat(actual.targetVariances()).isEqualTo(expected.targetVariances());
    }

    /** All bytes of the state, the open mini-batch included. */
    public static List<byte[]> saved(NetworkLearner learner) {
        StateWriter out = new StateWriter();
        learner.save(out);
        learner.saveBatch(out);
        return out.chunks();
    }

    static String sha256(NetworkLearner learner) {
        return ParameterDigest.sha256(learner.model().parameters());
    }
}
