package io.millrace.cli.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSpellingTest {
    @ParameterizedTest
    @CsvSource({
        "ISO, 2024-03-01, 2024-03-01T00:00:00Z",
        "ISO, 2024-03-01 12:30, 2024-03-01T12:30:00Z",
        "ISO, 2024-03-01T12:30:05.25Z, 2024-03-01T12:30:05.250Z",
        "ISO, 2024-03-01T12:30:05+02:00, 2024-03-01T10:30:05Z",
        "ISO, 2024-03-01 12:30:05.123456 UTC, 2024-03-01T12:30:05.123Z",
        "ISO, 2024-02-29, 2024-02-29T00:00:00Z",
        "YEAR_FIRST, 2024/3/1 9:05, 2024-03-01T09:05:00Z",
        "DAY_FIRST, 01.03.2024, 2024-03-01T00:00:00Z",
        "DAY_FIRST, 1.3.2024 23:59:59, 2024-03-01T23:59:59Z",
        "DAY_FIRST, 31/12/2024, 2024-12-31T00:00:00Z",
        "MONTH_FIRST, 12/31/2024 12:05 AM, 2024-12-31T00:05:00Z",
        "MONTH_FIRST, 12/31/2024 1:05:06pm, 2024-12-31T13:05:06Z"
    })
    void shouldReadATime(TimeSpelling spelling, String text, Instant time) {
        assertThat(spelling.millis(text)).isEqualTo(time.toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-13-01",
                "2023-02-29",
                "2024-03-01T24:00",
                "2024-03-01T12:60",
                "2024-03/01",
                "13:30 AM",
                "12/31/2024 13:05 PM",
                "1.288",
                "192.168.100.200",
                "2024-03-01 noon",
                "2024-03-01T10:00+25:00",
                "\u0662\u0660\u0662\u0664-\u0660\u0663-\u0660\u0661",
                ""
            })
    void shouldTakeNothingElseForATime(String text) {
        for (TimeSpelling spelling : TimeSpelling.values()) {
            assertThat(spelling.millis(text)).as("%s", spelling).isEqualTo(TimeSpelling.NO_TIME);
        }
    }
}
