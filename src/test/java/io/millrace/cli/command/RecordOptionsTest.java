package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RecordOptionsTest {
    private static long count(String... arguments) {
        return CommandLine.populateCommand(new RecordOptions(), arguments).count(5);
    }

    @Test
    void shouldCountTheRecordsBeforeTheyAreRead(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("a.json"), "{}\n\n{\"a\": 1}\n{}");
        assertThat(count("--json", file.toString())).isEqualTo(3);
        assertThat(count("--record", "{}", "--record", "{\n}")).isEqualTo(2);
        assertThat(count("--json", "-")).isEqualTo(-1);
    }
}
