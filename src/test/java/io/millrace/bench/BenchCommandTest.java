package io.millrace.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Millrace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Tag("cluster")
@Tag("visible")
class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void shouldMeasureAndReport() throws Exception {
        Path report = directory.resolve("bench.json");

        int exit = bench(
                "--features=3",
                "--hidden=4",
                "--outputs=2",
                "--batch=8",
                "--examples=5000",
                "--rounds=1",
                "--rate=200",
                "--requests=40",
                "--report=" + report);

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString()).contains("3-4-2", "raw consumer", "empty topology", "training", "p99");
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        for (String rate : new String[] {
            "rawConsumer", "emptyTopology", "training", "oneThread", "defaults", "share", "freshnessP50Ms", "fill"
        }) {
            assertThat(json.get(rate).asDouble()).as(rate).isPositive();
        }
        assertThat(json.get("share").asDouble())
                .isCloseTo(
                        json.get("training").asDouble()
                                / json.get("emptyTopology").asDouble(),
                        within(0.01));
        assertThat(json.get("servingP50Ms").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(json.get("servingP99Ms").asDouble());
        assertThat(json.get("rounds")).hasSize(1);
        assertThat(json.get("network").asText()).isEqualTo("3-4-2");
        assertThat(json.get("batch").asInt()).isEqualTo(8);
        assertThat(json.get("examples").asLong()).isEqualTo(5000);
        assertThat(json.get("java").asText()).isEqualTo(System.getProperty("java.version"));
        assertThat(json.get("cores").asInt()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(json.get("kernels").asText()).startsWith("Kernels: ");
    }

    @Test
    void shouldMeasureRecordsWithFieldsOfTheirOwn() {
        int exit = bench(
                "--record", "--hidden=4", "--batch=8", "--examples=3000", "--rounds=1", "--rate=200", "--requests=20");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString()).contains("fields-4-2", "empty topology", "training", "p99");
    }

    @Test
    @Tag("crash") // the passes take many seconds
    void shouldMeasureWhatItCostsToBeWatched() {
        int exit = bench(
                "--watched",
                "--features=3",
                "--hidden=4",
                "--batch=8",
                "--examples=5000",
                "--rounds=1",
                "--rate=200",
                "--requests=40");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(err.toString()).contains("Round 1, alone", "Round 1, watched");
        assertThat(out.toString())
                .contains("watched / alone", "training, records/s", "serving, p50 in ms", "serving, p99 in ms")
                .containsPattern(
                        "took 0\\.[0-9]{4} CPU seconds a second while training worked, 0\\.[0-9]{4} while serving did");
    }

    @Test
    @Tag("crash") // the parts take many seconds
    void shouldMeasureALongStreamInTenParts() {
        int exit = bench("--endurance", "--features=3", "--hidden=4", "--batch=8", "--examples=20000");

        assertThat(exit).as(err.toString()).isZero();
        assertThat(out.toString().lines().filter(line -> line.matches("\\s*[\\d,]+ .*")))
                .hasSize(10)
                .first()
                .asString()
                .startsWith("         2,000");
        assertThat(out.toString()).contains("times the speed of the first");
    }

    @Test
    void shouldRefuseWhatCannotBeMeasuredInOneSentence() {
        assertThat(bench("--examples=10")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(bench("--set=batch.size=3")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(bench("--report=" + directory.resolve("none/report.json"))).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(bench("--bootstrap-server=127.0.0.1:1")).isEqualTo(CommandLine.ExitCode.USAGE);

        assertThat(err.toString())
                .contains(
                        "--examples must be at least 1000, not 10.",
                        "--set batch.size is not possible",
                        "there is no directory",
                        "--registry");
    }

    @Test
    void shouldSayThatAnOutsideClusterCannotBeReached() {
        int exit = bench(
                "--bootstrap-server=127.0.0.1:1",
                "--registry=http://127.0.0.1:1",
                "--examples=5000",
                "--set=default.api.timeout.ms=500",
                "--set=request.timeout.ms=200");

        assertThat(exit).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("127.0.0.1:1").doesNotContain("\tat ");
    }

    private int bench(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "bench";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CommandLine commandLine = Millrace.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(all);
    }
}
