package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitProgressTest {
    private final CommitProgress progress = new CommitProgress();

    @Test
    void shouldKnowNoRateBeforeTheSecondSum() {
        assertThat(progress.perSecond()).isNull();
        progress.add(1000, 500);
        assertThat(progress.perSecond()).isNull();
        assertThat(progress.stillMs()).isZero();
    }

    @Test
    void shouldTellTheRateOfTheLastTenSeconds() {
        for (int s = 0; s <= 100; s += 2) {
            progress.add(1000L * s, s < 60 ? 10L * s : 600 + 50L * (s - 60));
        }
        assertThat(progress.perSecond()).isEqualTo(50);
    }

    @Test
    void shouldTellHowLongNothingWasCommitted() {
        progress.add(0, 10);
        progress.add(2000, 20);
        for (int s = 4; s <= 60; s += 2) {
            progress.add(1000L * s, 20);
        }
        assertThat(progress.stillMs()).isEqualTo(58_000);
        assertThat(progress.perSecond()).isZero();
    }

    @Test
    void shouldKnowNoRateWhenOffsetsWereMovedBack() {
        progress.add(0, 1000);
        progress.add(2000, 10);
        assertThat(progress.perSecond()).isNull();
    }
}
