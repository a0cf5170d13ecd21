package io.millrace.nn.initializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class OrthogonalTest {
    @Property(tries = 60)
    void rowsAndColumnsShouldBeOrthogonal(@ForAll @IntRange(min = 1, max = 70) int size, @ForAll long seed) {
        int stride = size + 3;
        float[] u = new float[5 + size * stride];

        Orthogonal.draw(new SplitMix64(seed, 1), size, u, 5, stride);

        for (int i = 0; i < size; i++) {
            for (int k = 0; k < size; k++) {
                double rows = 0;
                double columns = 0;
                for (int j = 0; j < size; j++) {
                    rows += (double) u[5 + i * stride + j] * u[5 + k * stride + j];
                    columns += (double) u[5 + j * stride + i] * u[5 + j * stride + k];
                }
                assertThat(rows).isCloseTo(i == k ? 1 : 0, within(1e-6));
                assertThat(columns).isCloseTo(i == k ? 1 : 0, within(1e-6));
            }
            for (int j = size; j < stride && i + 1 < size; j++) {
                assertThat(u[5 + i * stride + j]).as("between rows").isZero();
            }
        }
    }

    /** In {@code n} dimensions, the mean of an element is 0, of its square {@code 1 / n}, and reflections are as likely as rotations. */
    @Test
    void allMatricesShouldBeEquallyLikely() {
        int draws = 20_000;
        SplitMix64 random = new SplitMix64(5, 0);
        double[] mean = new double[4];
        double[] square = new double[4];
        int rotations = 0;
        float[] u = new float[4];
        for (int d = 0; d < draws; d++) {
            Orthogonal.draw(random, 2, u, 0, 2);
            for (int i = 0; i < 4; i++) {
                mean[i] += u[i] / draws;
                square[i] += u[i] * u[i] / draws;
            }
            rotations += u[0] * u[3] - u[1] * u[2] > 0 ? 1 : 0;
        }
        assertThat(mean).usingComparatorWithPrecision(0.03).containsExactly(0, 0, 0, 0);
        assertThat(square).usingComparatorWithPrecision(0.02).containsExactly(.5, .5, .5, .5);
        assertThat(rotations).isBetween(9_600, 10_400);
    }
}
