package io.millrace.nn.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.kernels.ScalarKernels;
import java.util.Random;
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

    /** Few rows and many, of which some have ties, infinite differences of logits, or a sure answer. */
    @Test
    void shouldEvaluateSeveralRowsLikeEachOfThem() {
        Random random = new Random(5);
        for (Loss loss : new Loss[] {
            Loss.SOFTMAX_CROSS_ENTROPY, Loss.SIGMOID_CROSS_ENTROPY, Loss.HALF_MEAN_SQUARED_ERROR, new Huber(1)
        }) {
            for (int rows = 1; rows < 40; rows++) {
                int outputs = 1 + random.nextInt(5);
                int width = loss.targetWidth(outputs);
                float[] logits = new float[rows * 16];
                float[] targets = new float[rows * width];
                for (int i = 0; i < logits.length; i++) {
                    logits[i] =
                            random.nextInt(3) - 1 + (random.nextInt(4) == 0 ? 90 * (float) random.nextGaussian() : 0);
                }
                for (int i = 0; i < targets.length; i++) {
                    targets[i] = width == 1 ? random.nextInt(Math.min(2, outputs)) : random.nextInt(2);
                }
                float[] wantLosses = new float[rows];
                float[] wantScores = new float[rows * outputs];
                Loss.evaluateEach(loss, rows, logits, 16, outputs, targets, wantScores, wantLosses);
                for (Kernels kernels : new Kernels[] {
                    new ScalarKernels(), KernelsProvider.kernels().newInstance()
                }) {
                    float[] losses = new float[rows];
                    float[] scores = new float[rows * outputs];
                    loss.evaluate(kernels, rows, logits, 16, outputs, targets, scores, losses, new double[rows]);
                    Floats.assertSameBits(loss.name(), losses, wantLosses);
                    Floats.assertSameBits(loss.name(), scores, wantScores);
                }
            }
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
