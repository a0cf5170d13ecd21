package io.millrace.learner.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShareOfRequestsTest {
    private final ShareOfRequests share = new ShareOfRequests();

    private void count(int requests, long examples) {
        for (int i = 0; i < requests; i++) {
            share.request();
        }
        share.learned(examples);
    }

    @Test
    void shouldBeOneUntilItIsCounted() {
        assertThat(share.share()).isEqualTo(1);
        assertThat(share.known()).isFalse();
        assertThat(share.rate()).isEqualTo(0.03, within(1e-15));
        share.request();
        share.learned(0); // the same version again
        assertThat(share.known()).isFalse();
        share.learned(2);
        assertThat(share.share()).isEqualTo(0.5);
        assertThat(share.known()).isTrue();
    }

    @Test
    void shouldForgetWhatWasCountedLongAgo() {
        count(100, 100);
        count(10, 100);
        double keep = Math.pow(0.999, 100);
        assertThat(share.share()).isEqualTo((keep * 100 + 10) / (keep * 100 + 100), within(1e-12));
        count(1_000, 10_000);
        assertThat(share.share()).isCloseTo(0.1, within(1e-4));
    }

    @Test
    void shouldHaveALeastValue() {
        count(0, 10);
        assertThat(share.share()).isEqualTo(0.05);
        count(0, 100_000);
        assertThat(share.share()).isEqualTo(0.001);
    }

    @Test
    void shouldGiveARequestTheWeightOfTheRowsItStandsFor() {
        count(10, 100);
        assertThat(share.rate()).isEqualTo(1 - Math.pow(0.97, 10), within(1e-12));
        count(100_000, 10_000); // more requests than rows
        assertThat(share.rate()).isEqualTo(0.03, within(1e-12));
    }

    /** A request that stands for more than the statistics remember would leave nothing of the others. */
    @Test
    void shouldGiveARequestItsOwnWeightWhereHardlyAnyRowHasOne() {
        count(1, 34);
        assertThat(share.rate()).isEqualTo(0.03);
        assertThat(share.large()).isFalse();
    }
}
