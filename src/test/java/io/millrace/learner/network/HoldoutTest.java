package io.millrace.learner.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.evaluation.Report;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.nn.optimizer.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Examples that are held out: which ones, and that they judge without leaving a trace in what is learned. */
class HoldoutTest {
    private static final int MANY = 20_000;

    @Property(tries = 100)
    void shouldHoldOutAboutTheFraction(
            @ForAll @DoubleRange(min = 0.01, max = 0.99) double fraction,
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 100) int partition,
            @ForAll @LongRange(min = 0, max = Long.MAX_VALUE - MANY) long first) {
        HoldoutSampler holdout = new HoldoutSampler(fraction, seed, partition);

        long held = LongStream.range(first, first + MANY).filter(holdout::holds).count();

        double deviation = Math.sqrt(fraction * (1 - fraction) * MANY);
        assertThat(held - fraction * MANY).isCloseTo(0, within(6 * deviation + 1));
    }

    /** Else a checkpoint from before would be continued with other examples in training. */
    @Test
    void shouldHoldOutTheseForEver() {
        assertThat(held(0.1, 1, 0)).startsWith(8L, 15L, 16L, 45L, 47L, 63L, 74L, 81L, 84L, 94L, 98L, 101L);
    }

    @Test
    void shouldChooseByFractionSeedAndPartition() {
        List<Long> some = held(0.1, 1, 0);
        assertThat(held(0.1, 1, 0)).isEqualTo(some);
        assertThat(held(0.3, 1, 0)).containsAll(some).hasSizeGreaterThan(2 * some.size());
        for (List<Long> others : List.of(held(0.1, 2, 0), held(0.1, 1, 1), held(0.1, 0, 1))) {
            long common = others.stream().filter(some::contains).count();
            assertThat(common).isBetween(100L, 300L); // a tenth of a tenth
        }
        assertThat(held(0, 1, 0)).isEmpty();
    }

    private static List<Long> held(double fraction, long seed, int partition) {
        HoldoutSampler holdout = new HoldoutSampler(fraction, seed, partition);
        return LongStream.range(0, MANY).filter(holdout::holds).boxed().toList();
    }

    @Property(tries = 60)
    void shouldLearnAsIfTheExamplesHeldOutWereNotThere(
            @ForAll Task task,
            @ForAll @IntRange(min = 1, max = 9) int batchSize,
            @ForAll boolean batchNorm,
            @ForAll boolean standardize,
            @ForAll @IntRange(min = 1, max = 9) int tenths,
            @ForAll @IntRange(min = 0, max = 1000) int seed) {
        Specs specs = Specs.of(task)
                .batch(batchSize)
                .batchNorm(batchNorm)
                .standardize(standardize, standardize)
                .window(400)
                .seed(seed)
                .dropout(0.2)
                .optimizer(Optimizer.of("sgd"), standardize ? 1e-4 : 1e-6)
                .reports(9);
        LearnerSpec without = specs.build();
        LearnerSpec with = specs.holdout(tenths / 10.0).build();
        List<Example> stream = Example.stream(with, 200, seed);
        List<Report> reports = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(with, reports::add);
        Example.feed(learner, with, stream, 0, 200);

        HoldoutSampler holdout = new HoldoutSampler(tenths / 10.0, seed, 0);
        List<Report> expected = new ArrayList<>();
        NetworkLearner other = new NetworkLearner(without, expected::add);
        for (int i = 0; i < 200; i++) {
            if (!holdout.holds(i)) {
                stream.get(i).learnedBy(other);
            }
        }

        LearnerStateTest.assertSameBits(learner.model(), other.model());
        assertThat(learner.score()).isEqualTo(other.score());
        assertThat(learner.streamTime()).isEqualTo(other.streamTime());
        assertThat(learner.openedAt()).isEqualTo(other.openedAt());
        assertThat(learner.waiting()).isEqualTo(other.waiting());
        assertThat(reports).extracting(HoldoutTest::withoutHoldout).isEqualTo(expected);
        assertThat(learner.heldOut()).isEqualTo(200 - other.version() - other.waiting());
    }

    private static Report withoutHoldout(Report report) {
        return new Report(
                report.step(),
                report.examples(),
                report.reportExamples(),
                report.loss(),
                report.metrics(),
                report.fadedLoss(),
                report.fadedMetrics(),
                report.learningRate(),
                report.gradientNorm(),
                report.curvature(),
                report.firstTimestamp(),
                report.lastTimestamp(),
                null,
                report.best(),
                report.refused(),
                report.experts(),
                report.outcomes(),
                report.fields());
    }

    @ParameterizedTest
    @EnumSource
    void shouldJudgeAsThePredictorOfTheMomentDoes(Task task) {
        for (int batchSize : new int[] {1, 3}) {
            Specs specs =
                    Specs.of(task).batch(batchSize).holdout(0.4).reports(11).optimizer(Optimizer.of("sgd"), 0.001);
            verifyReports(specs.build());
            verifyReports(specs.standardize(false, true).build());
            verifyReports(specs.batch(batchSize + 1).batchNorm(true).build());
        }
    }

    private static void verifyReports(LearnerSpec spec) {
        List<Report> reports = new ArrayList<>();
        List<NaiveReports.Judged> judged = new ArrayList<>();
        NetworkLearner learner = new NetworkLearner(spec, reports::add);
        HoldoutSampler holdout = new HoldoutSampler(0.4, spec.seed(), 0);
        List<Example> stream = Example.stream(spec, 300, 5);
        long examples = 0;
        long unjudged = 0; // there was no unit to predict in
        for (int i = 0; i < 300; i++) {
            int before = reports.size();
            if (holdout.holds(i) && spec.standardizeTargets() && learner.version() == 0) {
                unjudged++;
            } else if (holdout.holds(i)) {
                float[] scores = new float[learner.model().scores()];
                new NetworkPredictor(learner.model()).predict(stream.get(i).features(), scores);
                judged.add(NaiveReports.Judged.of(spec, scores, stream.get(i)));
            }
            stream.get(i).takenInBy(learner, holdout, i);
            if (reports.size() > before) {
                verify(spec, reports.get(before).heldOut(), judged, examples == 0 ? unjudged : 0);
                examples += reports.get(before).heldOut().examples();
                judged.clear();
            }
        }
        assertThat(reports).hasSizeGreaterThan(10);
        assertThat(learner.heldOut()).isEqualTo(examples + judged.size()).isGreaterThan(80);
    }

    private static void verify(LearnerSpec spec, Score heldOut, List<NaiveReports.Judged> judged, long unjudged) {
        if (judged.isEmpty() && unjudged == 0) {
            assertThat(heldOut).isNull();
            return;
        }
        double loss = mean(judged, NaiveReports.Judged::loss);
        double first = mean(judged, NaiveReports.Judged::first);
        assertThat(heldOut.examples()).isEqualTo(judged.size() + unjudged);
        // naive: 1 - p of a float p
        assertThat(heldOut.loss()).isCloseTo(loss, within(1e-3 * Math.max(1, loss)));
        if (spec.task() == Task.REGRESSION) {
            double rmse = Math.sqrt(mean(judged, NaiveReports.Judged::second));
            assertThat(heldOut.metrics()).containsOnlyKeys("mae", "rmse");
            assertThat(heldOut.metrics().get("mae")).isCloseTo(first, within(1e-5 * Math.max(1, first)));
            assertThat(heldOut.metrics().get("rmse")).isCloseTo(rmse, within(1e-5 * Math.max(1, rmse)));
        } else {
            assertThat(heldOut.metrics()).containsOnlyKeys("accuracy", "logLoss");
            assertThat(heldOut.metrics().get("accuracy")).isCloseTo(first, within(1e-9));
            assertThat(heldOut.metrics()).containsEntry("logLoss", heldOut.loss());
        }
    }

    private static double mean(
            List<NaiveReports.Judged> judged, java.util.function.ToDoubleFunction<NaiveReports.Judged> quantity) {
        return judged.stream().mapToDouble(quantity).average().orElseThrow();
    }

    @Test
    void shouldRefuseABadExampleThatIsHeldOutAsAnyOther() {
        LearnerSpec spec = Specs.classification().holdout(0.5).build();
        NetworkLearner learner = LearnerStateTest.trained(spec, 30, 1);
        List<byte[]> before = LearnerStateTest.saved(learner);
        float[] features = {1, 2, 3, 4};

        assertBad(() -> learner.evaluate(new float[3], new float[1], 1, 0), "3 features instead of 4");
        assertBad(() -> learner.evaluate(features, new float[] {7}, 1, 0), "class index 7 is not in 0 to 2");
        assertBad(() -> learner.evaluate(features, new float[1], Float.NaN, 0), "the weight is NaN");
        assertBad(() -> learner.evaluate(features, new float[1], 1, -1), "the timestamp is -1");

        assertThat(LearnerStateTest.saved(learner)).usingRecursiveComparison().isEqualTo(before);
        assertThat(learner.heldOut()).isZero();
    }

    private static void assertBad(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(BadInputException.class).hasMessageContaining(message);
    }

    @Test
    void shouldRefuseToHoldOutWhereNothingIsHeldOut() {
        NetworkLearner learner = new NetworkLearner(Specs.classification().build(), report -> {});

        assertThatThrownBy(() -> learner.evaluate(new float[4], new float[1], 1, 0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("holdoutFraction is 0");
    }
}
