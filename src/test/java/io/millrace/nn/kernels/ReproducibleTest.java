package io.millrace.nn.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class ReproducibleTest {
    private interface FloatFunction {
        float apply(float x);
    }

    /** Largest error in units of the last place of the true value, over many points of a range. */
    private static double worstUlps(FloatFunction function, DoubleUnaryOperator truth, float from, float to) {
        double worst = 0;
        int points = 1_000_000;
        for (int i = 0; i <= points; i++) {
            float x = (float) (from + (to - from) * (double) i / points);
            double want = truth.applyAsDouble(x);
            worst = Math.max(worst, Math.abs(function.apply(x) - want) / Math.ulp((float) want));
        }
        return worst;
    }

    @Test
    void shouldComputeExpWithinOneUlp() {
        assertThat(worstUlps(Reproducible::exp, StrictMath::exp, -87f, 88f)).isLessThanOrEqualTo(1.0);
    }

    @Test
    void shouldComputeTanhWithinThreeUlps() {
        assertThat(worstUlps(Reproducible::tanh, StrictMath::tanh, -10f, 10f)).isLessThanOrEqualTo(3.0);
    }

    @Test
    void shouldComputeSigmoidWithinThreeUlps() {
        assertThat(worstUlps(Reproducible::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), -86f, 86f))
                .isLessThanOrEqualTo(3.0);
    }

    @Test
    void shouldComputeLogarithmsOfLosses() {
        for (double x = 1; x < 1e30; x *= 1.0009) {
            assertThat(Reproducible.log(x)).isCloseTo(StrictMath.log(x), within(1e-15 + 1e-11 * StrictMath.log(x)));
        }
    }

    @Test
    void shouldSaturateAndNeverOverflow() {
        assertThat(Reproducible.exp(1000f)).isEqualTo(Reproducible.exp(88f)).isFinite();
        assertThat(Reproducible.exp(-1000f)).isZero();
        assertThat(Reproducible.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(Reproducible.exp(0f)).isEqualTo(1f);
        assertThat(Reproducible.exp(Float.NaN)).isNaN();
        assertThat(Reproducible.sigmoid(-1000f)).isZero();
        assertThat(Reproducible.sigmoid(1000f)).isEqualTo(1f);
        assertThat(Reproducible.sigmoid(0f)).isEqualTo(0.5f);
        assertThat(Reproducible.tanh(1000f)).isEqualTo(1f);
        assertThat(Reproducible.tanh(-1000f)).isEqualTo(-1f);
        assertThat(Reproducible.tanh(0f)).isZero();
    }

    @Test
    void shouldGiveTheseBitsOnEveryMachine() {
        assertThat(Float.floatToRawIntBits(Reproducible.exp(1f))).isEqualTo(0x402df854);
        int hash = 0;
        for (float x = -90f; x < 90f; x += 0.37f) {
            hash = 31 * hash + Float.floatToRawIntBits(Reproducible.exp(x));
            hash = 31 * hash + Float.floatToRawIntBits(Reproducible.sigmoid(x));
            hash = 31 * hash + Float.floatToRawIntBits(Reproducible.tanh(x));
            hash = 31 * hash + Long.hashCode(Double.doubleToRawLongBits(Reproducible.log(1 + x * x)));
        }
        assertThat(hash).isEqualTo(-1832201993);
    }
}
