package io.millrace.nn.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.learner.network.GoldenEndToEndCase;
import io.millrace.learner.network.GoldenStandardizerCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * Runs every case of a folder of golden vectors (README.md there defines all formulas), each a test named by its file. The folder
 * is {@code -Dgolden.dir=...}, relative to the project. Without the property the default folder is used if it exists.
 */
class GoldenVectorTest {
    private static final String PROPERTY = "golden.dir";
    private static final String DEFAULT = "../shared/golden";

    @TestFactory
    Stream<DynamicTest> shouldMeetGoldenVectors() throws IOException {
        String given = System.getProperty(PROPERTY);
        Path folder = Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .resolve(given == null ? DEFAULT : given)
                .normalize();
        List<Path> files = files(folder);
        if (given == null && files.isEmpty()) { // as a test of its own: reports leave out a factory that makes none
            String reason = "no golden vectors in " + folder + "; give -D" + PROPERTY + "=<folder>";
            return Stream.of(DynamicTest.dynamicTest(reason, () -> {
                throw new TestAbortedException(reason);
            }));
        }
        assertThat(files)
                .as("golden vectors (*.json) in -D%s=%s, that is %s", PROPERTY, given, folder)
                .isNotEmpty();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), file.toUri(), () -> run(file)));
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }

    private static void run(Path file) throws IOException {
        JsonNode golden = new ObjectMapper().readTree(file.toFile());
        String format = golden.path("format").asText();
        switch (format) {
            case "golden-mlp-1" -> new GoldenMlpCase(golden).run();
            case "golden-standardizer-1" -> GoldenStandardizerCase.verify(golden, file.getParent());
            case "golden-e2e-1" -> GoldenEndToEndCase.verify(golden, file.getParent());
            default -> fail("unknown format '" + format + "' of " + file);
        }
    }
}
