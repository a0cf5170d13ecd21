package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionsTest {
    @Test
    void shouldReadTheTextThatItWrites() {
        Positions positions = new Positions(Map.of("reports-0", 12L, "reports-11", 0L, "letters-0", 9_000_000_000L));
        assertThat(positions).hasToString("letters-0:9000000000,reports-0:12,reports-11:0");
        assertThat(Positions.parse(positions.toString())).contains(positions);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "reports",
                "reports-0",
                "reports-0:",
                "reports-0:-1",
                "reports-0:1 ",
                "reports-0:1,,reports-1:1",
                "reports-0:9999999999999999999",
                "<script>"
            })
    void shouldRefuseAnyOtherText(String text) {
        assertThat(Positions.parse(text)).isEmpty();
    }

    @Test
    void shouldRefuseATextOfAnyLength() {
        assertThat(Positions.parse("reports-0:1,".repeat(100_000))).isEmpty();
        assertThat(Positions.parse(null)).isEmpty();
    }
}
