package io.millrace.nn.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.kernels.Floats;
import io.millrace.nn.kernels.KernelsProvider;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.TrainingRun;
import io.millrace.nn.penalty.L2;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClippingTest {
    private static final double FREE = Double.POSITIVE_INFINITY;

    private static float[] gradient(Random random, int eighths) {
        return Floats.awkward(random, 8 * eighths);
    }

    private static double norm(float[] gradient) {
        return GradientNorm.of(gradient, Ranges.all(gradient.length));
    }

    private static float[] clipped(Clipping clipping, float[] gradient) {
        float[] clipped = gradient.clone();
        clipping.clip(clipped, Ranges.all(clipped.length), clipping.needsNorm() ? norm(gradient) : Double.NaN);
        return clipped;
    }

    @Property(tries = 300)
    void shouldBoundEveryValueAndLeaveThoseWithin(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int eighths) {
        float[] gradient = gradient(new Random(seed), eighths);
        float[] clipped = clipped(new Clipping(0.5, FREE), gradient);
        for (int i = 0; i < gradient.length; i++) {
            float want = Math.abs(gradient[i]) <= 0.5f ? gradient[i] : Math.copySign(0.5f, gradient[i]);
            assertThat(Float.floatToRawIntBits(clipped[i])).isEqualTo(Float.floatToRawIntBits(want));
        }
        Floats.assertSameBits("twice", clipped(new Clipping(0.5, FREE), clipped), clipped);
    }

    @Property(tries = 300)
    void shouldBoundTheNormAndKeepTheDirection(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int eighths) {
        float[] gradient = clipped(new Clipping(100, FREE), gradient(new Random(seed), eighths));
        double norm = norm(gradient);
        float[] clipped = clipped(new Clipping(1.5), gradient);
        assertThat(norm(clipped)).isCloseTo(Math.min(norm, 1.5), within(1e-6));
        for (int i = 0; i < gradient.length; i++) {
            double want = gradient[i] * Math.min(1, 1.5 / norm);
            assertThat((double) clipped[i]).isCloseTo(want, within(1e-40 + 1e-6 * Math.abs(want)));
        }
    }

    @Property(tries = 300)
    void shouldClipByValueBeforeItClipsByNorm(@ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int eighths) {
        float[] gradient = gradient(new Random(seed), eighths);
        float[] inTurn = clipped(new Clipping(1.5), clipped(new Clipping(0.5, FREE), gradient));
        Floats.assertSameBits("both", clipped(new Clipping(0.5, 1.5), gradient), inTurn);
    }

    @Test
    void shouldNotHideNaN() {
        assertThat(clipped(new Clipping(1, 1), new float[] {Float.NaN, 0, 0, 0, 0, 0, 0, 0})[0])
                .isNaN();
    }

    @Test
    void shouldClipTheGradientWithItsPenaltiesAndReportTheNormBefore() {
        double limit = 0.01;
        TrainingRun free = run(Clipping.NONE);
        TrainingRun bounded = run(new Clipping(limit, FREE));
        float[] start = free.trainer.parameters().clone();
        free.step();
        bounded.step();
        assertThat(bounded.trainer.gradientNorm()).isEqualTo(free.trainer.gradientNorm());
        float[] gradient = free.trainer.gradient(); // of the objective, with an L2 penalty of 0.5
        int outside = 0;
        for (int i = 0; i < start.length; i++) {
            outside += Math.abs(gradient[i]) > limit ? 1 : 0;
            float g = (float) Math.max(-limit, Math.min(limit, gradient[i]));
            assertThat(bounded.trainer.parameters()[i]).isEqualTo(Math.fma(-0.01f, g, start[i]));
        }
        assertThat(outside).isPositive();
        bounded.trainer.step(
                bounded.inputs, bounded.targets, bounded.weights, 8, 0.01f, bounded.losses, bounded.scores, false);
        assertThat(bounded.trainer.gradientNorm())
                .as("neither asked for nor needed")
                .isNaN();
    }

    private static TrainingRun run(Clipping clipping) {
        return new TrainingRun(
                TrainingRun.architecture(Loss.HALF_MEAN_SQUARED_ERROR, Activation.TANH, 5, 20, 3),
                new Sgd(),
                List.of(new L2(0.5)),
                clipping,
                KernelsProvider.kernels(),
                8,
                3);
    }

    @Test
    void shouldRefuseBoundsThatAreNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Clipping(0, 1))
                .withMessage("the largest value is 0.0: give a number > 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Clipping(Double.NaN))
                .withMessage("the largest norm is NaN: give a number > 0");
    }
}
