package io.millrace.topology.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.feature.InputRow;
import io.millrace.learner.Learner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.metrics.Scrape;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.model.ModelKind;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The number behind the alert MillraceLossJumped. */
class FlippedLabelsTest {
    private static final int BEFORE = 20;

    private final Random random = new Random(1);
    private final InputRow row = new InputRow();
    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
    private final TrainingMetrics metrics = new TrainingMetrics(context, null, new AtomicLongArray(0), () -> true);
    private long position;

    private void learn(Learner learner, int examples, boolean flipped) {
        for (int i = 0; i < examples; i++) {
            float[] x = {random.nextFloat(), random.nextFloat()};
            boolean wrong = random.nextInt(10) == 0;
            boolean one = x[0] + x[1] > 1 != wrong;
            learner.learn(row.features(x), new float[] {one != flipped ? 1 : 0}, 1, position, position++);
        }
    }

    private double jumps() {
        return Scrape.of("train", context.metrics().metrics()).value("millrace_loss_jumps_total{partition=\"0\"}");
    }

    private static MillraceConfig defaultNetwork(String... changes) {
        Map<String, String> settings = TestConfigs.settings();
        settings.keySet().removeAll(List.of("model.hidden", "batch.size", "learning.rate"));
        settings.put("model.kind", "network");
        settings.put(changes[0], changes[1]);
        return MillraceConfig.of(settings);
    }

    /** An ensemble follows within one report of a thousand examples: a mean over a minute would not show it. */
    @ParameterizedTest
    @CsvSource({"network, 500", "ensemble, 250"})
    void shouldCountAJumpOfTheLossWhenLabelsAreFlippedAndNoneBefore(String kind, int report) {
        String[] reports = {"validation.report.examples", String.valueOf(report)};
        MillraceConfig config = kind.equals("network") ? defaultNetwork(reports) : TestConfigs.ensemble(reports);
        LearnerSpec spec = config.learner();
        Learner learner = ModelKind.of(spec).learner(spec, metrics::reported, refused -> {});
        learn(learner, BEFORE * report, false);
        assertThat(jumps()).isZero();

        learn(learner, 2 * report, true);

        assertThat(jumps()).isPositive();
    }
}
