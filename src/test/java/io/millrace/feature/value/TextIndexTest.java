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
    void shouldFindNothingAmongNothing() {
        assertThat(new TextIndex(List.of()).of(new byte[3], 0, 3)).isEqualTo(-1);
    }
}
