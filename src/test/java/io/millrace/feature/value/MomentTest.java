package io.millrace.feature.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentTest {
    private static final Zone BERLIN = Zone.of("Europe/Berlin");

    private static Moment moment(Consumer<Value> setter) {
        Value value = new Value();
        setter.accept(value);
        Moment moment = new Moment();
        moment.read(value, "created");
        return moment;
    }

    private static Moment text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return moment(value -> value.text(bytes, 0, bytes.length));
    }

    private static Instant instant(Moment moment) {
        return Instant.ofEpochSecond(moment.epochSecond(BERLIN), moment.nano());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-05-01T12:30:15Z",
                "2024-05-01T12:30:15z",
                "2024-05-01T12:30:15.000Z",
                "2024-05-01T12:30:15,0Z",
                "2024-05-01 12:30:15 UTC",
                "2024-05-01 12:30:15+00",
                "2024-05-01T14:30:15+02:00",
                "2024-05-01T14:30:15+0200",
                "2024-05-01 14:30:15 +0200",
                "2024-05-01T14:30:15+02:00[Europe/Berlin]",
                "2024-05-01T07:00:15-05:30",
                "2024-05-01T14:30:15", // on the clocks of the zone
                "1714566615",
                "1714566615.0",
                "1714566615000",
                "1714566615000000",
                "1714566615000000000"
            })
    void shouldReadTheSameInstant(String text) {
        assertThat(instant(text(text))).isEqualTo(Instant.parse("2024-05-01T12:30:15Z"));
    }

    @Property
    void shouldReadWhatJavaWrites(
            @ForAll @LongRange(min = -62_000_000_000L, max = 4_000_000_000L) long second,
            @ForAll @IntRange(max = 999_999_999) int nano,
            @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int offsetMinutes) {
        OffsetDateTime time =
                Instant.ofEpochSecond(second, nano).atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));

        assertThat(instant(text(time.toString()))).isEqualTo(time.toInstant());
        assertThat(instant(text(time.toLocalDateTime().toString())))
                .isEqualTo(ZonedDateTime.ofLocal(time.toLocalDateTime(), ZoneId.of("Europe/Berlin"), null)
                        .toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "2024-13-01",
                "2024-02-30",
                "2023-02-29",
                "2024-05-01T24:00",
                "2024-05-01T12:60",
                "2024-05-01T12",
                "2024-05-01T12:30:61",
                "2024-05-01T12:30:15+",
                "2024-05-01T12:30:15+25:00",
                "2024-05-01T12:30:15.",
                "2024-05-01X12:30",
                "2024-5-1",
                "01.05.2024",
                "05/01/2024",
                "2024-05-01T12:30 CET",
                "2024-05-01T12:30:15+02:00[Europe/Berlin",
                "-",
                "1e30",
                "+",
                "2024-05-01 ",
                "12:3"
            })
    void shouldRefuseOtherTexts(String text) {
        assertThatThrownBy(() -> text(text))
                .isInstanceOf(BadValueException.class)
                .hasMessage("created is \"" + text + "\", no time: a time of ISO 8601 and a number since 1970 are");
    }

    @Test
    void shouldRefuseABoolean() {
        assertThatThrownBy(() -> moment(value -> value.bool(true))).hasMessageStartingWith("created is true, no time");
    }

    /** Seconds below 1e11, milliseconds below 1e14, microseconds below 1e17. */
    @ParameterizedTest
    @CsvSource({
        "0, 1970-01-01T00:00:00Z",
        "-86400, 1969-12-31T00:00:00Z",
        "99999999999, 5138-11-16T09:46:39Z",
        "100000000000, 1973-03-03T09:46:40Z",
        "99999999999999, 5138-11-16T09:46:39.999Z",
        "100000000000000, 1973-03-03T09:46:40Z",
        "100000000000000000, 1973-03-03T09:46:40Z",
        "-1714566615000, 1915-09-02T11:29:45Z"
    })
    void shouldTellTheUnitOfANumberFromItsMagnitude(long number, Instant expected) {
        assertThat(instant(moment(value -> value.whole(number, TimeScale.BY_MAGNITUDE))))
                .isEqualTo(expected);
        assertThat(instant(text(Long.toString(number)))).isEqualTo(expected);
        assertThat(instant(moment(value -> value.real(number)))).isEqualTo(expected);
    }

    @Test
    void shouldKeepTheFractionOfSeconds() {
        Moment moment = moment(value -> value.real(1714566615.25));

        assertThat(instant(moment)).isEqualTo(Instant.parse("2024-05-01T12:30:15.250Z"));
    }

    @Test
    void shouldReadTheTypesOfAvro() {
        long ms = 1_714_566_615_250L;
        Instant expected = Instant.ofEpochMilli(ms);
        LocalDateTime local = LocalDateTime.ofInstant(expected, ZoneOffset.UTC);
        Instant inBerlin = local.atZone(ZoneId.of("Europe/Berlin")).toInstant();

        assertThat(instant(moment(value -> value.whole(ms, TimeScale.MILLIS)))).isEqualTo(expected);
        assertThat(instant(moment(value -> value.whole(ms * 1000, TimeScale.MICROS))))
                .isEqualTo(expected);
        assertThat(instant(moment(value -> value.whole(ms * 1_000_000, TimeScale.NANOS))))
                .isEqualTo(expected);
        assertThat(instant(moment(value -> value.whole(ms, TimeScale.LOCAL_MILLIS))))
                .isEqualTo(inBerlin);
        assertThat(instant(moment(value -> value.whole(ms * 1000, TimeScale.LOCAL_MICROS))))
                .isEqualTo(inBerlin);
        assertThat(instant(moment(value -> value.whole(ms * 1_000_000, TimeScale.LOCAL_NANOS))))
                .isEqualTo(inBerlin);
        assertThat(instant(moment(value -> value.whole(19844, TimeScale.DATE))))
                .isEqualTo(Instant.parse("2024-04-30T22:00:00Z"));
        assertThat(moment(value -> value.whole(43_200_000, TimeScale.MILLIS_OF_DAY))
                        .hasDate())
                .isFalse();
        assertThat(moment(value -> value.whole(43_200_000, TimeScale.MILLIS_OF_DAY))
                        .ofDay(BERLIN))
                .isEqualTo(0.5);
        assertThat(moment(value -> value.whole(43_200_000_000L, TimeScale.MICROS_OF_DAY))
                        .ofDay(BERLIN))
                .isEqualTo(0.5);
        assertThat(text("12:00").ofDay(BERLIN)).isEqualTo(0.5);
    }

    @Property
    void shouldBeWhereTheCalendarOfJavaSays(
            @ForAll @LongRange(min = -2_000_000_000L, max = 4_000_000_000L) long second) {
        Moment moment = moment(value -> value.whole(second * 1000, TimeScale.MILLIS));
        ZonedDateTime time = Instant.ofEpochSecond(second).atZone(ZoneId.of("Europe/Berlin"));
        double ofDay = time.toLocalTime().toSecondOfDay() / 86_400.0;

        assertThat(moment.ofDay(BERLIN)).isCloseTo(ofDay, within(1e-12));
        assertThat(moment.ofWeek(BERLIN)).isCloseTo((time.getDayOfWeek().getValue() - 1 + ofDay) / 7, within(1e-12));
        assertThat(moment.ofYear(BERLIN))
                .isCloseTo(
                        (time.getDayOfYear() - 1 + ofDay) / time.toLocalDate().lengthOfYear(), within(1e-12));
    }
}
