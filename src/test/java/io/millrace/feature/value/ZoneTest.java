package io.millrace.feature.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneTest {
    private static final String[] IDS = {
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "UTC", "+05:45"
    };
    private static final long FROM_1901 = -2_177_452_800L;
    private static final long TO_2099 = 4_070_908_800L;

    @Property
    void shouldHaveTheOffsetsOfJava(@ForAll @LongRange(min = FROM_1901, max = TO_2099) long second) {
        for (String id : IDS) {
            int expected = ZoneId.of(id)
                    .getRules()
                    .getOffset(Instant.ofEpochSecond(second))
                    .getTotalSeconds();

            assertThat(Zone.of(id).offset(second)).as(id).isEqualTo(expected);
        }
    }

    @Property
    void shouldFindTheInstantThatJavaFinds(@ForAll @LongRange(min = FROM_1901, max = TO_2099) long second) {
        for (String id : IDS) {
            LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);

            assertThat(Zone.of(id).instant(second))
                    .as(id)
                    .isEqualTo(ZonedDateTime.ofLocal(local, ZoneId.of(id), null).toEpochSecond());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-03-31T02:30",
                "2024-03-31T03:00",
                "2024-03-31T01:59:59",
                "2024-10-27T02:30",
                "2024-10-27T03:00",
                "2024-10-27T02:00"
            })
    void shouldChooseAsJavaAroundAChangeOfTheClocks(String time) {
        LocalDateTime local = LocalDateTime.parse(time);

        assertThat(Zone.of("Europe/Berlin").instant(local.toEpochSecond(ZoneOffset.UTC)))
                .isEqualTo(ZonedDateTime.ofLocal(local, ZoneId.of("Europe/Berlin"), null)
                        .toEpochSecond());
    }

    @Test
    void shouldKnowTheVersionOfItsData() {
        assertThat(Zone.dataVersion()).matches("20[0-9]{2}[a-z]+");
    }

    @Test
    void shouldRefuseAZoneThatDoesNotExist() {
        assertThatThrownBy(() -> Zone.of("Europe/Atlantis")).isInstanceOf(DateTimeException.class);
    }
}
