package io.millrace.input.declared;

import static io.millrace.input.declared.Decoding.ids;
import static io.millrace.input.declared.Decoding.json;
import static io.millrace.input.declared.Decoding.numbers;
import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.hash.Hashing;
import io.millrace.learner.input.BadInputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each type of feature: what its value becomes, what is missing, what is refused. */
class FeatureValuesTest {
    private static int row(String text, int buckets) {
        int hash = Hashing.murmur3_32_fixed()
                .hashString(text, StandardCharsets.UTF_8)
                .asInt();
        return 1 + Integer.remainderUnsigned(hash, buckets);
    }

    private static int[] rows(int buckets, String... texts) {
        return Arrays.stream(texts).mapToInt(text -> row(text, buckets)).toArray();
    }

    private static void assertRefused(String features, String json, String message) {
        assertThatThrownBy(() -> json(features, json))
                .isInstanceOf(BadInputException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "12.5, 12.5",
        "'12.5', 12.5",
        "-3, -3",
        "1e3, 1000",
        "16777217, 16777217",
        "1714566615123, 1714566615123"
    })
    void shouldEnterANumberAsADouble(String written, double number) {
        String json = written.startsWith("'") ? "{'a':" + written + "}" : "{'a':" + written + "}";

        assertThat(numbers("a: number", json)).containsExactly(number);
    }

    @Test
    void shouldEnterTheLogarithmOfANumberOfAnySign() {
        assertThat(numbers("a: log, b: log, c: log", "{'a':99,'b':-99,'c':0}"))
                .containsExactly(StrictMath.log1p(99), -StrictMath.log1p(99), 0);
    }

    @Test
    void shouldEnterTheNumbersOfAnArray() {
        assertThat(numbers("a: numbers(3), b: number", "{'a':[1,'2.5',-3],'b':4}"))
                .containsExactly(1, 2.5, -3, 4);
        assertThat(numbers("m: numbers(4)", "{'m':[[1,2],[3,4]]}")).containsExactly(1, 2, 3, 4);
        assertRefused("a: numbers(3)", "{'a':[1,2]}", "a has 2 numbers instead of 3");
        assertRefused("a: numbers(2)", "{'a':[1,'x']}", "a is \"x\", no number");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"true, 1", "false, 0", "1, 1", "0, 0", "1.0, 1", "'true', 1", "'False', 0", "'YES', 1", "'n', 0"})
    void shouldEnterAFlagAsZeroOrOne(String written, double flag) {
        assertThat(numbers("a: flag", "{'a':" + written + "}")).containsExactly(flag);
    }

    @Test
    void shouldRefuseWhatIsNoFlag() {
        assertRefused("a: flag", "{'a':'maybe'}", "a is \"maybe\", no flag: true, false, 1 and 0 are");
        assertRefused("a: flag", "{'a':2}", "a is 2, no flag: true, false, 1 and 0 are");
    }

    @Test
    void shouldEnterOneInputForEachKnownValueAndOneForOthers() {
        String features = "a: oneof(free|pro|7)";

        assertThat(numbers(features, "{'a':'pro'}")).containsExactly(0, 1, 0, 0);
        assertThat(numbers(features, "{'a':7.0}")).containsExactly(0, 0, 1, 0);
        assertThat(numbers(features, "{'a':'Pro'}")).containsExactly(0, 0, 0, 1);
        assertThat(numbers("a: oneof(1.0|2.0)", "{'a':1.0}")).containsExactly(1, 0, 0);
        assertThat(numbers("a: oneof(1.0|2.0)", "{'a':'2.0'}")).containsExactly(0, 1, 0);
    }

    @Test
    void shouldEnterTheRowOfACategory() {
        String features = "a: category(1000,4), b: category";

        assertThat(ids(json(features, "{'a':'Müller 🚲','b':'x'}")))
                .containsExactly(row("Müller 🚲", 1000), row("x", 1024));
        assertThat(ids(json("a: category", "{'a':true}"))).containsExactly(row("true", 1024));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "7.0", "7.00e0", "'7'"})
    void shouldTakeANumberAndItsTextAsTheSameCategory(String written) {
        assertThat(ids(json("a: category", "{'a':" + written + "}"))).containsExactly(row("7", 1024));
    }

    @Test
    void shouldKeepTheDigitsOfLargeIds() {
        assertThat(ids(json("a: category(1000000)", "{'a':9007199254740993}")))
                .containsExactly(row("9007199254740993", 1_000_000));
        assertThat(ids(json("a: category(1000000)", "{'a':92233720368547758079}")))
                .containsExactly(row("92233720368547758079", 1_000_000));
    }

    @Test
    void shouldEnterTheWordsOfAText() {
        assertThat(ids(json("t: words(512,2)", "{'t':'Red BIKE, 2nd-hand; größe:XL!'}")))
                .containsExactly(rows(512, "red", "bike", "2nd", "hand", "größe", "xl"));
        assertThat(ids(json("t: words", "{'t':' ... '}"))).containsExactly(0);
    }

    @Test
    void shouldEnterTheItemsOfArrays() {
        assertThat(ids(json("tags: set(64,2)", "{'tags':['a',7,null,'a']}"))).containsExactly(rows(64, "a", "7", "a"));
        assertThat(ids(json("items[].sku: set", "{'items':[{'sku':'x','n':1},{'n':2},{'sku':'y'}]}")))
                .containsExactly(rows(1024, "x", "y"));
        assertThat(ids(json("o[].i[].s: set", "{'o':[{'i':[{'s':'x'}]},{'i':[]},{'i':[{'s':'y'},{'s':'z'}]}]}")))
                .containsExactly(rows(1024, "x", "y", "z"));
        assertThat(ids(json("tag: set", "{'tag':'a'}"))).containsExactly(rows(1024, "a"));
    }

    @Test
    void shouldKeepTheIdsOfEachTableApart() {
        var row = json("a: set(8), b?: category(8), c: words(8)", "{'a':['x','y'],'c':'one two three'}");

        assertThat(row.ends()).containsExactly(2, 3, 6);
        assertThat(ids(row))
                .containsExactly(
                        IntStream.of(row("x", 8), row("y", 8), 0, row("one", 8), row("two", 8), row("three", 8))
                                .toArray());
    }

    @Test
    void shouldEnterTimesAsSineAndCosine() {
        // Wednesday, 2024-05-01, 06:00 in Berlin
        double[] inputs = numbers("t: time(hour|weekday|year, Europe/Berlin)", "{'t':'2024-05-01T04:00:00Z'}");
        double week = 2 * Math.PI * 2.25 / 7;
        double year = 2 * Math.PI * 121.25 / 366;
        double[] expected = {1, 0, Math.sin(week), Math.cos(week), Math.sin(year), Math.cos(year)};

        for (int i = 0; i < expected.length; i++) {
            assertThat(inputs[i]).isCloseTo(expected[i], within(1e-12));
        }
    }

    /** The record has the timestamp 2024-05-01T12:30:15.250Z. */
    @Test
    void shouldEnterTheAgeAsTheLogarithmOfSeconds() {
        assertThat(numbers("t: time(age)", "{'t':'2024-05-01T12:30:05Z'}")).containsExactly(StrictMath.log1p(10.25));
        assertThat(numbers("t: time(age)", "{'t':'2024-05-01T12:30:25Z'}")).containsExactly(-StrictMath.log1p(9.75));
        assertThat(numbers("t: time(age,Europe/Berlin)", "{'t':'2024-05-01T14:30:15.250'}"))
                .containsExactly(0);
    }

    @Test
    void shouldRefuseWhatIsNoTime() {
        assertRefused(
                "t: time", "{'t':'soon'}", "t is \"soon\", no time: a time of ISO 8601 and a number since 1970 are");
        assertRefused("t: time", "{'t':'12:30'}", "t is \"12:30\", a time of day: it has an hour, but no weekday");
        assertThat(numbers("t: time(hour)", "{'t':'06:00'}")[0]).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'a':null}", "{'a':NaN}", "{'a':''}", "{'a':[]}", "{'a':[null]}", "{'b':1}"})
    void shouldEnterZeroAndAnIndicatorForWhatIsMissing(String json) {
        assertThat(numbers("a?: number", json)).containsExactly(NaN, 1);
        assertThat(numbers("a?: log", json)).containsExactly(NaN, 1);
        assertThat(numbers("a?: numbers(2)", json)).containsExactly(NaN, NaN, 1);
        assertThat(numbers("a?: flag", json)).containsExactly(0, 1);
        assertThat(numbers("a?: oneof(x|y)", json)).containsExactly(0, 0, 0, 1);
        assertThat(numbers("a?: time(hour|age)", json)).containsExactly(0, 0, NaN, 1);
        assertThat(ids(json("a?: category", json))).containsExactly(0);
        assertThat(ids(json("a?: words", json))).containsExactly(0);
        assertThat(ids(json("a?: set", json))).containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"number", "log", "numbers(2)", "flag", "oneof(x)", "category", "words", "set", "time"})
    void shouldRefuseWhatIsMissingUnlessItIsDeclaredSo(String type) {
        assertRefused("x.a: " + type, "{'x':{}}", "x.a is missing; declare \"x.a?\" if it may be");
        assertRefused("x.a|b: " + type, "{'x':{'a':null}}", "x.a|b is missing; declare \"x.a|b?\" if it may be");
    }

    @Test
    void shouldSayThatNothingIsMissing() {
        assertThat(numbers("a?: number, b?: oneof(x)", "{'a':5,'b':'x'}")).containsExactly(5, 0, 1, 0, 0);
    }

    @Test
    void shouldTakeAnArrayWithAMissingNumberAsMissing() {
        assertThat(numbers("a?: numbers(2)", "{'a':[1,null]}")).containsExactly(NaN, NaN, 1);
    }

    @Test
    void shouldRefuseInfiniteNumbersAndRecords() {
        assertRefused("a: number", "{'a':Infinity}", "a is Infinity, which is no finite number");
        assertRefused("a: log", "{'a':-1e999}", "a is -1e999, which is no finite number");
        assertRefused("a?: number", "{'a':{'b':1}}", "a is a record, no number");
        assertRefused("a: category", "{'a':{}}", "a is a record, not one value");
        assertRefused("a: category", "{'a':['x','y']}", "a has 2 values; only set takes many");
    }

    @Test
    void shouldTakeTheFirstPathThatIsThere() {
        String features = "a.b|c|d: number";

        assertThat(numbers(features, "{'d':3,'c':2,'a':{'b':1}}")).containsExactly(1);
        assertThat(numbers(features, "{'d':3,'c':2,'a':{'b':null}}")).containsExactly(2);
        assertThat(numbers(features, "{'d':3,'a':5}")).containsExactly(3);
    }
}
