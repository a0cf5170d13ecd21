package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.avro.ValidationLoss;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reports on examples held out, taken together. */
class HoldoutScoreTest {
    private static ValidationLoss report(long heldOut, Map<String, Double> metrics) {
        return ValidationLoss.newBuilder()
                .setModel("m")
                .setPartition(0)
                .setStep(1)
                .setExamples(10)
                .setReportExamples(10)
                .setLoss(0.5)
                .setFadedLoss(0.5)
                .setLearningRate(0.1)
                .setGradientNorm(1)
                .setFirstTimestamp(0)
                .setLastTimestamp(1)
                .setHoldoutExamples(heldOut)
                .setHoldoutLoss(0.5)
                .setHoldoutMetrics(metrics)
                .setExperts(List.of())
                .build();
    }

    @Test
    void shouldWeightReportsByTheirExamples() {
        HoldoutScore score = new HoldoutScore();
        score.add(report(1, Map.of("mae", 1.0, "rmse", 1.0)));
        score.add(report(0, Map.of()));
        score.add(report(3, Map.of("mae", 5.0, "rmse", 7.0)));

        assertThat(score.examples()).isEqualTo(4);
        assertThat(score.metrics().get("mae")).isCloseTo(4, within(1e-12));
        assertThat(score.metrics().get("rmse")).isCloseTo(Math.sqrt((1 + 3 * 49) / 4.0), within(1e-12));
    }

    @Test
    void shouldTellNothingOfNothing() {
        assertThat(new HoldoutScore().examples()).isZero();
        assertThat(new HoldoutScore().metrics()).isEmpty();
    }
}
