package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    @ParameterizedTest
    @CsvSource({"30,100", "5000,500", "45312,4531.2", "1000000,20000"})
    void aFileShouldLastTenSecondsUnlessItIsVeryShortOrLong(long rows, double rate) {
        assertThat(Pace.ofFile(rows).rate()).isEqualTo(rate);
    }

    @Test
    void feedingShouldWaitForLearning() throws Exception {
        Pace pace = Pace.ofFile(20_000); // half a second of it are 1000 rows
        pace.await(999);
        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> pace.await(1000));
        Thread.sleep(20);
        assertThat(next).isNotDone();
        pace.learned(1);
        next.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aRateThatWasAskedForShouldWaitForNothing() {
        assertThat(Pace.of(1e9).waitsForLearning()).isFalse();
        Pace.of(1e9).await(1L << 40);
        assertThat(Pace.unlimited().rate()).isNull();
        Pace.unlimited().await(1L << 40);
    }
}
