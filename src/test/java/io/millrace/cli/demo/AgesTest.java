package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AgesTest {
    private static Ages of(LongStream each) {
        Ages ages = new Ages();
        each.forEach(ages::add);
        return ages;
    }

    @Test
    void quantilesOfSmallAgesShouldBeExact() {
        Ages ages = of(LongStream.of(7, 0, 1000, 3, 7));
        assertThat(ages.quantile(0.2)).isZero();
        assertThat(ages.quantile(0.5)).isEqualTo(7);
        assertThat(ages.quantile(0.8)).isEqualTo(7);
        assertThat(ages.quantile(0.9)).isEqualTo(1000);
    }

    @Test
    void quantilesOfLargeAgesShouldHaveThreeDigits() {
        Ages ages = of(LongStream.rangeClosed(1, 100_000));
        assertThat(ages.quantile(0.5)).isBetween(49_900L, 50_000L);
        assertThat(ages.quantile(1)).isBetween(99_800L, 100_000L);
        assertThat(of(LongStream.of(Long.MAX_VALUE)).quantile(0.5)).isGreaterThan(Long.MAX_VALUE / 512 * 511);
    }

    @Test
    void noAgesShouldHaveTheQuantileZero() {
        assertThat(new Ages().quantile(0.5)).isZero();
    }
}
