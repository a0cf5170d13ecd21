package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.nn.layer.recurrent.Elman;
import io.millrace.nn.layer.recurrent.Lstm;
import io.millrace.nn.optimizer.Clipping;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients vanish and explode over a hundred steps, and what is done about it helps. */
class GradientsThroughTimeTest {
    private static GradientsThroughTime simple(double norm, Clipping clipping, long seed) {
        return new GradientsThroughTime(new Elman(false), (float) norm, clipping, seed);
    }

    private static GradientsThroughTime lstm(long seed) {
        return new GradientsThroughTime(new Lstm(), 1, GradientsThroughTime.CLIPPING, seed);
    }

    /** What is left after a hundred steps of what there is after ten. */
    private static double left(GradientsThroughTime run) {
        double[] norms = run.norms();
        return norms[100] / norms[10];
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aNormBelowOneShouldVanishAndOneAboveExplode(long seed) {
        assertThat(left(simple(0.9, Clipping.NONE, seed))).isLessThan(1e-3);
        assertThat(left(simple(1.1, Clipping.NONE, seed))).isGreaterThan(500);
        assertThat(left(lstm(seed))).isBetween(1e-3, 10.0);
    }

    @Test
    void clippingShouldMendExplodingAndLongShortTermMemoryVanishingGradients() {
        assertThat(simple(0.9, GradientsThroughTime.CLIPPING, 1).accuracy()).isLessThan(0.6);
        assertThat(lstm(1).accuracy()).isGreaterThan(0.95);
        assertThat(simple(1.1, Clipping.NONE, 1).accuracy()).isLessThan(0.6);
        assertThat(simple(1.1, GradientsThroughTime.CLIPPING, 1).accuracy()).isGreaterThan(0.95);
    }
}
