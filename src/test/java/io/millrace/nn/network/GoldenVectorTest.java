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

/**
 * Runs every golden vector, each a test named by its file: those of {@code src/test/resources/golden} (README.md there defines all
 * formulas) and those of {@code -Dgolden.dir=DIR}, relative to the project.
 */
class GoldenVectorTest {
    private static final String PROPERTY = "golden.dir";

    @TestFactory
    Stream<DynamicTest> shouldMeetGoldenVectors() throws Exception {
        Path own = Path.of(GoldenVectorTest.class.getResource("/golden").toURI());
        Stream<Path> files = files(own);
        String given = System.getProperty(PROPERTY);
        if (given != null) {
            Path folder =
                    Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve(given);
            files = Stream.concat(files, files(folder.normalize()));
        }
        return files.map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), file.toUri(), () -> run(file)));
    }

    private static Stream<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> files =
                    all.filter(f -> f.toString().endsWith(".json")).sorted().toList();
            assertThat(files).as("golden vectors (*.json) in %s", folder).isNotEmpty();
            return files.stream();
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
