package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {
    @ParameterizedTest
    @CsvSource({"30,1000", "45312,4531.2", "1000000,20000"})
    void aFileShouldLastTenSecondsUnlessItIsVeryShortOrLong(long rows, double rate) {
        assertThat(Pace.ofFile(rows).rate()).isEqualTo(rate);
    }

    /** A tenth of a short file may be ahead, half a second of a longer one, 3,000 rows of a long one. */
    @ParameterizedTest
    @CsvSource({"20,2", "10000,500", "1000000,3000"})
    void feedingShouldWaitForLearning(long rows, long ahead) throws Exception {
        Pace pace = Pace.ofFile(rows);
        pace.await(ahead - 1);
        CompletableFuture<Void> next = CompletableFuture.runAsync(() -> pace.await(ahead));
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
