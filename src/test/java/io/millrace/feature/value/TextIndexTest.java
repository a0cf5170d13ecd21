package io.millrace.feature.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextIndexTest {
    @Test
    void shouldFindEachTextAndNoOther() {
        List<String> texts =
                IntStream.range(0, 1000).mapToObj(i -> "value " + i).toList();
        TextIndex index = new TextIndex(texts);

        for (int i = 0; i < texts.size(); i++) {
            byte[] bytes = ("<" + texts.get(i) + ">").getBytes(StandardCharsets.UTF_8);
            assertThat(index.of(bytes, 1, bytes.length - 1)).isEqualTo(i);
            assertThat(index.of(bytes, 0, bytes.length)).isEqualTo(-1);
        }
    }

    @Test
    void shouldFindANumberByItsText() {
        TextIndex index = new TextIndex(List.of("1.0", "2", "2.0", "1e2", "v1.0", "NaN"));

        assertThat(List.of(of(index, "1"), of(index, "1.0"), of(index, "2"), of(index, "2.0"), of(index, "100")))
                .containsExactly(0, 0, 1, 2, 3);
        assertThat(List.of(of(index, "v1"), of(index, "1.00"), of(index, "NaN")))
                .containsExactly(-1, -1, 5);
    }

    private static int of(TextIndex index, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return index.of(bytes, 0, bytes.length);
    }

    @Test
    void shouldFindNothingAmongNothing() {
        assertThat(new TextIndex(List.of()).of(new byte[3], 0, 3)).isEqualTo(-1);
    }
}
