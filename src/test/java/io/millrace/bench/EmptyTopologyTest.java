package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class EmptyTopologyTest {
    private final StringWriter said = new StringWriter();
    private final Lines progress = new Lines(new PrintWriter(said));

    @Test
    void shouldRepeatAPassWithoutItsLastCommitAndSaySo() {
        double rate = EmptyTopology.repeated(
                tried -> {
                    if (tried < 3) {
                        throw new UncommittedException("Try " + tried + " committed nothing.");
                    }
                    return tried;
                },
                progress);

        assertThat(rate).isEqualTo(3);
        assertThat(said.toString().lines())
                .containsExactly(
                        "Try 1 committed nothing. The pass is repeated.",
                        "Try 2 committed nothing. The pass is repeated.");
    }

    @Test
    void shouldFailAfterThreeTriesAndAtOnceForAnythingElse() {
        assertThatThrownBy(() -> EmptyTopology.repeated(
                        tried -> {
                            throw new UncommittedException("Try " + tried + ".");
                        },
                        progress))
                .hasMessage("Try 3.");
        assertThatThrownBy(() -> EmptyTopology.repeated(
                        tried -> {
                            throw new BenchException("No progress at try " + tried + ".");
                        },
                        progress))
                .hasMessage("No progress at try 1.");
    }
}
