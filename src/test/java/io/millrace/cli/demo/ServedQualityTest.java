package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Invocation;
import io.millrace.learner.ensemble.BenchmarkStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What users get: {@code ./mvnw test -Pquality}. Each row is a request first and then an example, a thousand a second, and the answers are judged. A
 * stream that is not there is skipped, and named.
 */
@Tag("cluster")
@Tag("quality")
class ServedQualityTest {
    @TempDir
    Path directory;

    /**
     * @param rows the first ones of the file, as many as the time of the test allows; of elec2 all
     * @param least served accuracy that the ensemble must reach
     */
    @ParameterizedTest
    @CsvSource({"elec2, 45312, 0.91", "weather, 10000, 0", "sea_abrupt, 10000, 0"})
    void shouldServeNoWorseThanANetwork(String name, int rows, double least) throws IOException {
        assumeThat(BenchmarkStream.file(name)).exists();
        JsonNode network = served(name, rows, "network");
        JsonNode ensemble = served(name, rows, "ensemble");

        assertThat(ensemble.get("servedAgeMedian").asLong())
                .as("age of the versions in examples; on a machine that other work keeps busy, the figures say nothing")
                .isLessThan(1000);
        assertThat(ensemble.get("servedAccuracy").asDouble())
                .isGreaterThanOrEqualTo(least)
                .isGreaterThanOrEqualTo(network.get("servedAccuracy").asDouble());
    }

    private JsonNode served(String name, int rows, String kind) throws IOException {
        Path report = directory.resolve(kind + ".json");
        Invocation demo = Invocation.of(
                "demo",
                "--csv=" + BenchmarkStream.file(name),
                "--set=model.kind=" + kind,
                "--requests=1",
                "--rate=1000",
                "--examples=" + rows,
                "--report=" + report);
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        JsonNode result = new ObjectMapper().readTree(report.toFile());
        System.out.println(name + ", " + kind + ": served " + result.get("servedAccuracy") + " by versions "
                + result.get("servedAgeMedian") + " examples old, prequential " + result.get("prequentialAccuracy"));
        return result;
    }
}
