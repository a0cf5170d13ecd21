package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedTest {
    @Test
    void shouldMakeTheValueOnceForAllWhoAskWithinASecond() {
        AtomicInteger made = new AtomicInteger();
        AtomicLong clock = new AtomicLong(5);
        Remembered<Integer> value = new Remembered<>(made::incrementAndGet, 1000, clock::get);
        assertThat(value.get()).isEqualTo(1);
        clock.set(1004);
        assertThat(value.get()).isEqualTo(1);
        clock.set(1005);
        assertThat(value.get()).isEqualTo(2);
        assertThat(value.get()).isEqualTo(2);
    }
}
