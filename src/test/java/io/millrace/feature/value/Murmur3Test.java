package io.millrace.feature.value;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Murmur3Test {
    /** Vectors with seed 0 that implementations in several languages share (Ian Boyd, Stack Overflow 14747343; Wikipedia). */
    @ParameterizedTest
    @CsvSource({
        "'', 00000000",
        "00, 514e28b7",
        "0000, 30f4c306",
        "000000, 85f0b427",
        "00000000, 2362f9de",
        "21, 72661cf4",
        "2143, a0f7b07a",
        "214365, 7e4a8634",
        "21436587, f55b516b",
        "ffffffff, 76293b50",
        "74657374, ba6bd213"
    })
    void shouldGiveThePublishedHashes(String bytes, String hash) {
        byte[] input = HexFormat.of().parseHex(bytes);

        assertThat(HexFormat.of().toHexDigits(Murmur3.hash(input, 0, input.length)))
                .isEqualTo(hash);
    }

    @Property
    void shouldHashAsGuavaDoes(
            @ForAll @Size(max = 40) byte[] bytes,
            @ForAll @IntRange(max = 3) int from,
            @ForAll @IntRange(max = 3) int less) {
        int start = Math.min(from, bytes.length);
        int end = Math.max(start, bytes.length - less);

        assertThat(Murmur3.hash(bytes, start, end))
                .isEqualTo(Hashing.murmur3_32_fixed()
                        .hashBytes(bytes, start, end - start)
                        .asInt());
    }

    @Property
    void shouldHashAsciiLettersInLowerCase(@ForAll @Size(max = 20) byte[] bytes) {
        byte[] lower = new String(bytes, StandardCharsets.ISO_8859_1)
                .chars()
                .map(c -> c < 128
                        ? String.valueOf((char) c).toLowerCase(Locale.ROOT).charAt(0)
                        : c)
                .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Murmur3.hashInLowerCase(bytes, 0, bytes.length)).isEqualTo(Murmur3.hash(lower, 0, lower.length));
    }
}
