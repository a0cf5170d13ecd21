package io.millrace.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LossTest {
    private static float loss(Loss loss, float[] scores, float[] logits, float... targets) {
        return loss.evaluate(logits, 0, logits.length, targets, 0, scores, 0);
    }

    @Test
    void shouldStayFiniteForLogitsInTheHundreds() {
        float[] scores = new float[3];
        assertThat(loss(Loss.SOFTMAX_CROSS_ENTROPY, scores, new float[] {900f, -900f, 0f}, 1f))
                .isEqualTo(1800f);
        assertThat(scores).containsExactly(1f, 0f, 0f);
        assertThat(loss(Loss.SOFTMAX_CROSS_ENTROPY, scores, new float[] {900f, -900f, 0f}, 0f))
                .isZero();
        assertThat(loss(Loss.SIGMOID_CROSS_ENTROPY, scores, new float[] {800f, -800f, 0f}, 0f, 1f, 0f))
                .isCloseTo(1600.693f, within(1e-3f));
        assertThat(scores).containsExactly(1f, 0f, 0.5f);
    }

    @Test
    void shouldKeepTheSmallLossesOfConfidentAnswers() {
        float[] scores = new float[2];
        float want = (float) Math.exp(-20);
        assertThat(loss(Loss.SOFTMAX_CROSS_ENTROPY, scores, new float[] {20f, 0f}, 0f))
                .isCloseTo(want, within(want * 1e-5f));
        assertThat(loss(Loss.SIGMOID_CROSS_ENTROPY, scores, new float[] {20f}, 1f))
                .isCloseTo(want, within(want * 1e-5f));
    }

    @Test
    void shouldSumOverTheOutputsOfARow() {
        float[] scores = new float[2];
        assertThat(loss(Loss.HALF_MEAN_SQUARED_ERROR, scores, new float[] {1f, 5f}, 3f, 2f))
                .isEqualTo(6.5f);
        assertThat(scores).containsExactly(1f, 5f);
    }

    @Test
    void shouldBeLinearBeyondTheLimitOfHuber() {
        Huber huber = new Huber(5);
        float[] scores = new float[3];
        assertThat(loss(huber, scores, new float[] {1f, 4f, -20f}, 3f, 4f, 10f)).isEqualTo(2f + 5 * (30 - 2.5f));
        float[] gradient = new float[3];
        huber.gradient(scores, 0, 3, new float[] {3f, 4f, 10f}, 0, 2f, gradient, 0);
        assertThat(gradient).containsExactly(-4f, 0f, -10f);
    }

    @Test
    void shouldGiveTheSameScoresWithAndWithoutATarget() {
        for (Loss loss :
                new Loss[] {Loss.SOFTMAX_CROSS_ENTROPY, Loss.SIGMOID_CROSS_ENTROPY, Loss.HALF_MEAN_SQUARED_ERROR}) {
            float[] logits = {9f, 0.3f, -1.7f, 2f};
            float[] tested = new float[4];
            float[] predicted = new float[4];
            loss.evaluate(logits, 1, 3, new float[] {1f, 0f, 1f}, 0, tested, 1);
            loss.scores(logits, 1, 3, predicted, 1);
            assertThat(predicted).containsExactly(tested);
        }
    }

    @Test
    void shouldRefuseTargetsThatAreNone() {
        float[] scores = new float[2];
        for (float target : new float[] {-1f, 2f, 0.5f, Float.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> loss(Loss.SOFTMAX_CROSS_ENTROPY, scores, new float[2], target))
                    .withMessageContaining("0..1");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loss(Loss.SIGMOID_CROSS_ENTROPY, scores, new float[1], 1.5f))
                .withMessageContaining("0..1");
    }
}
