package io.millrace.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the golden cases of the learner in the folder {@code -Dgolden.dir=...}; skipped where there is none. */
class GoldenLearnerTest {
    private static final Path FOLDER = Path.of(System.getProperty("basedir", ""))
            .toAbsolutePath()
            .resolve(System.getProperty("golden.dir", "../shared/golden"))
            .normalize();

    @TestFactory
    Stream<DynamicTest> shouldMeetGoldenVectors() throws IOException {
        assumeTrue(Files.isDirectory(FOLDER), "no golden vectors in " + FOLDER + "; give -Dgolden.dir=<folder>");
        List<Path> files;
        try (Stream<Path> all = Files.list(FOLDER)) {
            files = all.filter(file -> file.getFileName().toString().matches(".*(standardizer|e2e).*\\.json"))
                    .sorted()
                    .toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), file.toUri(), () -> verify(file)));
    }

    private static void verify(Path file) throws IOException {
        JsonNode golden = new ObjectMapper().readTree(file.toFile());
        switch (golden.path("format").asText()) {
            case "golden-standardizer-1" -> GoldenStandardizerCase.verify(golden, FOLDER);
            case "golden-e2e-1" -> GoldenEndToEndCase.verify(golden, FOLDER);
            default -> throw new AssertionError("unknown format in " + file);
        }
    }
}
