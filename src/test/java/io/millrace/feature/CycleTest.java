package io.millrace.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class CycleTest {
    @Property
    void shouldBeSineAndCosine(@ForAll @DoubleRange(min = 0, max = 1) double part) {
        assertThat(Cycle.sin(part)).isCloseTo(Math.sin(2 * Math.PI * part), within(1e-15));
        assertThat(Cycle.cos(part)).isCloseTo(Math.cos(2 * Math.PI * part), within(1e-15));
    }

    @Test
    void shouldBeExactAtQuarters() {
        double[] sines = {0, 1, 0, -1, 0};
        for (int quarter = 0; quarter <= 4; quarter++) {
            assertThat(Cycle.sin(quarter / 4.0)).isEqualTo(sines[quarter]);
            assertThat(Cycle.cos(quarter / 4.0)).isEqualTo(sines[(quarter + 1) % 4]);
        }
    }

    @Test
    void shouldBeTheSameAtBothEndsOfAnEighth() {
        for (int eighth = 1; eighth < 8; eighth += 2) {
            double part = eighth / 8.0;
            assertThat(Cycle.sin(part)).isCloseTo(Cycle.sin(Math.nextUp(part)), within(1e-15));
            assertThat(Math.abs(Cycle.sin(part))).isCloseTo(Math.sqrt(0.5), within(1e-15));
        }
    }
}
