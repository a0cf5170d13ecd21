package io.millrace.feature.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTest {
    private static Value value(Consumer<Value> setter) {
        Value value = new Value();
        setter.accept(value);
        return value;
    }

    private static Value text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return value(value -> value.text(bytes, 0, bytes.length));
    }

    private static Value numeral(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return value(value -> value.numeral(bytes, 0, bytes.length));
    }

    private static Value decimal(String number) {
        BigDecimal decimal = new BigDecimal(number);
        byte[] bytes = decimal.unscaledValue().toByteArray();
        return value(value -> value.decimal(bytes, 0, bytes.length, decimal.scale()));
    }

    private static String textOf(Value value) {
        value.toText("x");
        return value.text();
    }

    @Test
    void shouldHaveOneTextForANumberWhateverItsType() {
        List<Value> sevens = List.of(
                value(value -> value.whole(7, TimeScale.BY_MAGNITUDE)),
                value(value -> value.real(7)),
                value(value -> value.real(7f)),
                numeral("7"),
                numeral("7.0"),
                numeral("70e-1"),
                decimal("7.00"),
                text("7"));

        assertThat(sevens).extracting(ValueTest::textOf).containsOnly("7");
    }

    @Test
    void shouldHaveOneTextForAFraction() {
        List<Value> tenths = List.of(
                value(value -> value.real(0.1)),
                value(value -> value.real(0.1f)), // an Avro float
                numeral("0.1"),
                numeral("1e-1"),
                decimal("0.10"),
                text("0.1"));

        assertThat(tenths).extracting(ValueTest::textOf).containsOnly("0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "-7, -7",
        "1e20, 100000000000000000000",
        "9007199254740993, 9007199254740993",
        "12345678901234567890123, 12345678901234567890123",
        "-12.50, -12.5",
        "1e-7, 0.0000001"
    })
    void shouldKeepTheDigitsOfNumerals(String written, String text) {
        assertThat(textOf(numeral(written))).isEqualTo(text);
    }

    @Property
    void shouldWriteEachLongAsJavaDoes(@ForAll long number) {
        assertThat(textOf(value(value -> value.whole(number, TimeScale.BY_MAGNITUDE))))
                .isEqualTo(Long.toString(number));
    }

    @Test
    void shouldWriteTheSmallestLong() {
        assertThat(textOf(value(value -> value.whole(Long.MIN_VALUE, TimeScale.MILLIS))))
                .isEqualTo("-9223372036854775808");
    }

    @Property
    void shouldWriteADoubleSoThatItCanBeReadBack(@ForAll double number) {
        assertThat(Double.parseDouble(textOf(value(value -> value.real(number)))))
                .isEqualTo(number == 0 ? 0 : number);
    }

    @Property
    void shouldWriteAFloatSoThatItCanBeReadBack(@ForAll float number) {
        Assume.that(number != 0);

        assertThat(Float.parseFloat(textOf(value(value -> value.real(number))))).isEqualTo(number);
    }

    /** Java 17 writes 2.0E-3 as 0.0020 and 2.2E-322 with a digit more than Java 19: the text must not depend on it. */
    @ParameterizedTest
    @CsvSource({"2e-3, 0.002", "2e23, 200000000000000000000000", "1.52587890625E-5, 0.0000152587890625"})
    void shouldWriteTheShortestDigits(double number, String text) {
        assertThat(textOf(value(value -> value.real(number)))).isEqualTo(text);
    }

    @Test
    void shouldReadDecimalsAsTheNearestDouble() {
        for (String number : List.of("12.50", "-0.01", "0", "123456789012345.67", "1234567890123456789012345.678901")) {
            assertThat(decimal(number).number("x")).isEqualTo(Double.parseDouble(number));
        }
    }

    @Test
    void shouldReadADecimalOfNoBytesAsZero() {
        Value empty = value(value -> value.decimal(new byte[0], 0, 0, 2));

        assertThat(empty.number("x")).isZero();
        assertThat(textOf(empty)).isEqualTo("0");
    }

    @Test
    void shouldNameTheFieldAndTheValueWhichIsNoNumber() {
        assertThatThrownBy(() -> text("12,50").number("amount")).hasMessage("amount is \"12,50\", no number");
        assertThatThrownBy(() -> value(value -> value.bool(true)).number("amount"))
                .hasMessage("amount is true, no number");
        assertThatThrownBy(() -> value(Value::record).number("amount")).hasMessage("amount is a record, no number");
        assertThatThrownBy(() ->
                        value(value -> value.real(Double.NEGATIVE_INFINITY)).number("amount"))
                .hasMessage("amount is -Infinity, which is no finite number");
        assertThatThrownBy(() -> text("x".repeat(5000)).number("amount"))
                .hasMessage("amount is \"" + "x".repeat(100) + "...\", no number");
    }

    /** A few bytes of JSON must not become gigabytes of digits. */
    @ParameterizedTest
    @ValueSource(strings = {"1e-2147483647", "1e-99999999999", "1.5e-1000000", "0.1e-401"})
    void shouldRefuseTheTextOfANumberOfTooManyDigits(String numeral) {
        assertThatThrownBy(() -> textOf(numeral(numeral)))
                .hasMessage("x is " + numeral + ", a number with too many digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e2147483647", "1e99999999999", "1e309"})
    void shouldRefuseTheTextOfAnInfiniteNumber(String numeral) {
        assertThatThrownBy(() -> textOf(numeral(numeral)))
                .hasMessage("x is " + numeral + ", which is no finite number");
    }

    @Test
    void shouldTakeNullNaNAndTheEmptyTextAsMissing() {
        assertThat(List.of(value(Value::missing), value(value -> value.real(Double.NaN)), text("")))
                .allMatch(Value::isMissing);
        assertThat(List.of(value(value -> value.real(0)), value(value -> value.bool(false)), text(" ")))
                .noneMatch(Value::isMissing);
    }
}
