package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Test
    void shouldPrintNoLineTwiceWithoutATerminal() throws InterruptedException {
        try (Progress progress = new Progress("learn", 3, false, lines::add)) {
            awaitFirstLine();
            progress.to(3, "examples");
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("0%", "0/3");
        assertThat(lines.get(1)).contains("100%", "3/3", "examples");
    }

    @Test
    void shouldPrintAnotherStateOfTheSameWork() throws InterruptedException {
        try (Progress progress = new Progress("learn", -1, false, lines::add)) {
            awaitFirstLine();
            progress.to(0, "waiting");
        }
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).contains("?", "waiting");
    }

    private void awaitFirstLine() throws InterruptedException {
        while (lines.isEmpty()) {
            Thread.sleep(10);
        }
    }
}
