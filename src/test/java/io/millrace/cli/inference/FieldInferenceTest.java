package io.millrace.cli.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldInferenceTest {
    private static final int RECORDS = 600;

    /** Values beside a label that says nothing of them. */
    private static InferredField inferred(String name, IntFunction<Object> value) {
        return inferred(name, value, i -> i * 31 % 7 < 3 ? "yes" : "no");
    }

    private static InferredField inferred(String name, IntFunction<Object> value, IntFunction<Object> label) {
        FieldSample sample = new FieldSample(name, 1000);
        for (int i = 0; i < RECORDS; i++) {
            Object v = value.apply(i);
            sample.add(v, String.valueOf(v), label.apply(i));
        }
        return FieldInference.of(sample);
    }

    private static void assertDeclared(InferredField field, FieldKind kind, String declaration) {
        assertThat(field.kind()).as(field.reason()).isEqualTo(kind);
        assertThat(field.declaration("f")).isEqualTo(declaration);
        assertThat(field.reason()).isNotBlank();
    }

    private static void assertLeftOut(InferredField field, FieldKind kind, String reason) {
        assertThat(field.kind()).as(field.reason()).isEqualTo(kind);
        assertThat(field.kind().leftOut()).isTrue();
        assertThat(field.reason()).isEqualTo(reason);
    }

    @Test
    void numbersAreNumbersUnlessTheyAreSkewedOverSeveralPowersOfTen() {
        assertDeclared(inferred("x", i -> Math.sin(i)), FieldKind.NUMBER, "f: number");
        assertDeclared(inferred("x", i -> i % 2 == 0 ? 0L : 1L), FieldKind.NUMBER, "f: number");
        assertDeclared(inferred("x", i -> (long) (i * 7919 % 1_000_000)), FieldKind.NUMBER, "f: number");
        assertDeclared(inferred("amount", i -> Math.exp(i * 37 % RECORDS * 0.02)), FieldKind.LOG, "f: log");
        assertDeclared(inferred("share", i -> Math.exp(-i * 37 % RECORDS * 0.02)), FieldKind.NUMBER, "f: number");
        assertDeclared(
                inferred("change", i -> Math.exp(i * 37 % RECORDS * 0.02) * (i % 2 - 0.5)),
                FieldKind.NUMBER,
                "f: number");
    }

    @Test
    void aFieldThatIsMissingSomewhereIsOptional() {
        assertDeclared(inferred("x", i -> i == 99 ? null : Math.sin(i)), FieldKind.NUMBER, "f?: number");
        assertDeclared(inferred("x", i -> i % 3 > 0 ? null : "a"), FieldKind.ONEOF, "f?: oneof(a)");
    }

    @Test
    void aFewDamagedValuesDoNotMakeATextOfANumber() {
        assertDeclared(inferred("x", i -> i % 20 == 0 ? "broken" : Math.sin(i)), FieldKind.NUMBER, "f: number");
        assertDeclared(
                inferred("x", i -> i % 3 == 0 ? "none" : (Object) (long) (i % 5)),
                FieldKind.ONEOF,
                "f: oneof(0|1|2|3|4|none)");
    }

    @ParameterizedTest
    @CsvSource({"true, false", "Yes, no", "Y, N", "t, f", "ON, off"})
    void textsOfYesAndNoAreFlags(String yes, String no) {
        assertDeclared(inferred("x", i -> i % 3 == 0 ? yes : no), FieldKind.FLAG, "f: flag");
    }

    @Test
    void booleansAreFlags() {
        assertDeclared(inferred("x", i -> i % 3 == 0), FieldKind.FLAG, "f: flag");
    }

    @Test
    void fewTextsAreChoicesManyAreACategoryAndSeveralWordsAreWords() {
        assertDeclared(
                inferred("x", i -> new String[] {"pro", "free", "light rain", "it's"}[i % 4]),
                FieldKind.ONEOF,
                "f: oneof(free|'it''s'|'light rain'|pro)");
        assertDeclared(inferred("city", i -> "city" + i % 100), FieldKind.CATEGORY, "f: category");
        assertDeclared(inferred("x", i -> "v" + i % 550), FieldKind.CATEGORY, "f: category(2048,8)");
        assertDeclared(inferred("x", i -> "the order " + i + " came late"), FieldKind.WORDS, "f: words");
    }

    @ParameterizedTest
    @CsvSource({"user_id", "userId", "ID", "zip"})
    void wholeNumbersThatNameSomethingAreACategory(String name) {
        assertDeclared(inferred(name, i -> 7_000_000_000L + i * 7 % 50), FieldKind.CATEGORY, "f: category");
        assertDeclared(inferred("width", i -> 7_000_000_000L + i * 7 % 50), FieldKind.NUMBER, "f: number");
    }

    @Test
    void idsAndIndicesAreLeftOut() {
        assertLeftOut(inferred("x", i -> "u-" + i * 7919), FieldKind.ID, "has another text in nearly every record");
        assertLeftOut(
                inferred("order_id", i -> i * 7919L % 10_007),
                FieldKind.ID,
                "has another number in nearly every record");
        for (String name : new String[] {"", "index", "Unnamed: 0", "id", "row_id"}) {
            assertLeftOut(inferred(name, i -> (long) i), FieldKind.INDEX, "counts the records");
        }
        assertDeclared(inferred("minute", i -> (long) i), FieldKind.NUMBER, "f: number");
    }

    @Test
    void anIndexCountsDamagedRecordsToo() {
        FieldSample sample = new FieldSample("id", 1000);
        for (long i = 0; i < 100; i++) {
            if (i % 9 == 5) {
                sample.skip();
            } else {
                sample.add(i, String.valueOf(i), null);
            }
        }
        assertThat(FieldInference.of(sample).kind()).isEqualTo(FieldKind.INDEX);
    }

    @Test
    void emptyAndConstantFieldsAreLeftOut() {
        assertLeftOut(inferred("x", i -> null), FieldKind.EMPTY, "has no value");
        assertLeftOut(inferred("x", i -> 5L), FieldKind.CONSTANT, "is always \"5\"");
        assertLeftOut(inferred("x", i -> "EUR"), FieldKind.CONSTANT, "is always \"EUR\"");
    }

    @Test
    void whatTellsTheLabelIsLeftOut() {
        IntFunction<Object> label = i -> i * 31 % 7 < 3 ? "yes" : "no";
        assertLeftOut(inferred("y2", label, label), FieldKind.LABEL, "repeats the label in every record");
        assertLeftOut(
                inferred("y2", i -> label.apply(i).equals("yes") ? 1L : 0L, label),
                FieldKind.LABEL,
                "tells the label: each of its 2 values goes with one label");
        assertLeftOut(
                inferred("y2", i -> Math.rint(Math.sin(i) * 1e9), i -> Math.rint(Math.sin(i) * 1e9)),
                FieldKind.LABEL,
                "repeats the label in every record");
        assertDeclared(inferred("x", i -> Math.sin(i), i -> Math.cos(i)), FieldKind.NUMBER, "f: number");
        assertDeclared(inferred("x", i -> i == 7 ? "no" : label.apply(i), label), FieldKind.FLAG, "f: flag");
    }

    @ParameterizedTest
    @CsvSource({
        "at, 1709251200, time(hour|weekday)",
        "created_ts, 1709251200, time(hour|weekday)",
        "x, 1709251200000, time(hour|weekday)",
        "x, 1709251200000000, time(hour|weekday)"
    })
    void wholeNumbersInTheRangeOfAnEpochAreTimes(String name, long start, String type) {
        long day = start / 1709251200L * 86_400;
        assertDeclared(inferred(name, i -> start + i * 37 % 100 * day), FieldKind.TIME, "f: " + type);
    }

    @Test
    void secondsNeedANameOrOrder() {
        assertDeclared(inferred("width", i -> 1709251200L + i * 37 % 100), FieldKind.NUMBER, "f: number");
        assertDeclared(inferred("width", i -> 1709251200L + i), FieldKind.TIME, "f: time(hour)");
    }

    @Test
    void timesEnterWithTheCyclesThatTheyGoThrough() {
        Instant start = Instant.parse("2024-03-01T00:00:00Z");
        assertDeclared(inferred("x", i -> start.plusSeconds(60L * i)), FieldKind.TIME, "f: time(hour)");
        assertDeclared(inferred("x", i -> start.plusSeconds(3600L * i)), FieldKind.TIME, "f: time(hour|weekday)");
        assertDeclared(
                inferred("x", i -> start.plusSeconds(36_000L * i)), FieldKind.TIME, "f: time(hour|weekday|year)");
        InferredField dates =
                inferred("x", i -> start.plusSeconds(86_400L * i).toString().substring(0, 10));
        assertDeclared(dates, FieldKind.TIME, "f: time(weekday|year)");
        assertThat(dates.spelling()).isEqualTo(TimeSpelling.ISO);
    }

    @Test
    void dayAndMonthAreToldApartByTheirRange() {
        InferredField day = inferred("x", i -> (i % 28 + 1) + "/" + (i % 12 + 1) + "/2024");
        assertThat(day.spelling()).isEqualTo(TimeSpelling.DAY_FIRST);
        InferredField month = inferred("x", i -> (i % 12 + 1) + "/" + (i % 28 + 1) + "/2024");
        assertThat(month.spelling()).isEqualTo(TimeSpelling.MONTH_FIRST);
        assertThat(month.reason()).isEqualTo("is a time");
        InferredField either = inferred("x", i -> (i % 12 + 1) + "/" + (i * 5 % 12 + 1) + "/2024");
        assertThat(either.spelling()).isEqualTo(TimeSpelling.MONTH_FIRST);
        assertThat(either.reason()).endsWith("day and month look alike, read as month/day");
    }

    @Test
    void aSampleGrowsWithNoNumberOfRecords() {
        FieldSample sample = new FieldSample("x", 50);
        for (int i = 0; i < 100_000; i++) {
            sample.add("text " + i % 77_777 + " of many", "text", null);
        }
        assertThat(sample.distinct()).isEqualTo(50);
        assertThat(sample.moreDistinct()).isTrue();
        assertDeclared(FieldInference.of(sample), FieldKind.WORDS, "f: words");
    }
}
