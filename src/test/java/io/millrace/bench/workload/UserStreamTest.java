package io.millrace.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UserStreamTest {
    private static List<String> drawn(int count, long length) {
        UserStream stream = new UserStream(length);
        List<String> drawn = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            stream.next();
            drawn.add(new String(stream.json(64), StandardCharsets.UTF_8));
        }
        return drawn;
    }

    @Test
    void shouldBeTheSameEachTimeAndChangeOnlyHalfWay() {
        assertThat(drawn(300, 1000)).isEqualTo(drawn(300, 1000)).isEqualTo(drawn(300, 5000));
        assertThat(drawn(300, 200)).isNotEqualTo(drawn(300, 1000));
    }

    /** Whoever knows the affinities is right as often as the stream says. */
    @Test
    void shouldBeAsPredictableAsItSays() {
        UserStream stream = new UserStream(20_000);
        double best = 0;
        int ones = 0;
        for (int i = 0; i < 20_000; i++) {
            stream.next();
            best += stream.best();
            ones += stream.label();
            assertThat(stream.best()).isBetween(0.5, 1.0);
        }
        assertThat(best / 20_000).isCloseTo(0.89, within(0.01));
        assertThat(ones / 20_000.0).as("without the user, nothing is known").isCloseTo(0.5, within(0.05));
    }

    @Test
    void shouldSpreadUsersEvenlyOverBuckets() {
        UserStream stream = new UserStream(20_000);
        int[] counts = new int[8];
        IntStream.range(0, 20_000).forEach(i -> {
            stream.next();
            counts[stream.bucket(8)]++;
        });
        for (int count : counts) {
            assertThat(count).isBetween(1800, 3400);
        }
    }
}
