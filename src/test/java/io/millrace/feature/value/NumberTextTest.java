package io.millrace.feature.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumberTextTest {
    private static double parse(String text) {
        byte[] bytes = (">" + text + "<").getBytes(StandardCharsets.UTF_8);
        return NumberText.parse(bytes, 1, bytes.length - 1);
    }

    @Property
    void shouldParseAsJavaDoes(@ForAll long unscaled, @ForAll @IntRange(min = -340, max = 340) int scale) {
        String decimal = new BigDecimal(unscaled).scaleByPowerOfTen(-scale).toString();

        assertThat(parse(decimal)).isEqualTo(Double.parseDouble(decimal));
    }

    @Property
    void shouldParseShortNumbersAsJavaDoes(@ForAll int unscaled, @ForAll @IntRange(max = 12) int scale) {
        String plain = BigDecimal.valueOf(unscaled, scale).toPlainString();

        assertThat(parse(plain)).isEqualTo(Double.parseDouble(plain));
    }

    @Property
    void shouldReadEachDoubleBack(@ForAll double value) {
        assertThat(parse(Double.toString(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+1",
                "00012",
                ".5",
                "5.",
                "-.5e-3",
                "1E5",
                "1e+5",
                " 12.50 ",
                "9007199254740993",
                "0.000000000000000000000001",
                "123456789012345678901234567890",
                "1e400",
                "1e-400",
                "4.9e-324"
            })
    void shouldTakeNumbers(String text) {
        assertThat(parse(text)).isEqualTo(Double.parseDouble(text.strip()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                ".",
                "e5",
                "1e",
                "1e+",
                "12,50",
                "1.2.3",
                "1 2",
                "0x10",
                "1d",
                "1f",
                "NaN",
                "Infinity",
                "½",
                "١",
                "--1",
                "1e5.5"
            })
    void shouldTakeNothingElse(String text) {
        assertThat(parse(text)).isNaN();
    }
}
