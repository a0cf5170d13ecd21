package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The distribution as it is built, whole and without its folder {@code local}. */
@DisabledOnOs(OS.WINDOWS)
class DistributionIT {
    private static final Path BUILT = Path.of("target/millrace").toAbsolutePath();
    private static final String CONFIG =
            Path.of("topology/millrace.properties").toAbsolutePath().toString();

    @TempDir
    Path directory;

    private Path withoutLocal;

    @BeforeEach
    void leaveOutLocal() throws IOException {
        withoutLocal = Files.createDirectory(directory.resolve("millrace"));
        for (String part : List.of("bin", "lib")) {
            Path copy = Files.createDirectory(withoutLocal.resolve(part));
            for (String file : files(BUILT.resolve(part))) {
                Files.copy(BUILT.resolve(part).resolve(file), copy.resolve(file));
            }
        }
    }

    private static List<String> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private Invocation launch(Path home, String... arguments) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        List<String> command = Stream.concat(
                        Stream.of(home.resolve("bin/millrace").toString()), Stream.of(arguments))
                .toList();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int exitCode = builder.start().waitFor();
        return new Invocation(exitCode, Files.readString(out), Files.readString(err));
    }

    @Test
    void shouldHaveAllCommands() throws Exception {
        Invocation help = launch(BUILT, "--help");
        assertThat(help.out())
                .as(help.err())
                .contains("  run ", "  verify ", "  demo ", "  bench ", "To see it learn: millrace demo");
        Invocation demo = launch(BUILT, "demo", "--help");
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out()).contains("Usage: millrace demo");
    }

    @Test
    void shouldSayWithoutLocalWhatIsMissing() throws Exception {
        Invocation help = launch(withoutLocal, "--help");
        assertThat(help.exitCode()).as(help.err()).isZero();
        assertThat(help.out()).contains("  run ", "  verify ").doesNotContain("demo", "bench");
        for (String command : List.of("demo", "bench")) {
            Invocation absent = launch(withoutLocal, command, "--examples", "5", "--help");
            assertThat(absent.exitCode()).isEqualTo(1);
            assertThat(absent.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("millrace: The command " + command)
                    .contains("it needs the folder local of the distribution");
        }
    }

    /** Topologies, serializers and the clients of broker and registry are made before the first connection fails. */
    @Test
    void shouldRunWithoutLocal() throws Exception {
        Invocation help = launch(withoutLocal, "run", "--help");
        assertThat(help.out()).as(help.err()).contains("Usage: millrace run");
        Invocation described = launch(withoutLocal, "describe", "--config", CONFIG);
        assertThat(described.out()).as(described.err()).contains("Processor: checkpoint", "Processor: predict");
        Invocation noBroker = launch(
                withoutLocal,
                "run",
                "--config=" + CONFIG,
                "--set=bootstrap.servers=127.0.0.1:1",
                "--set=schema.registry.url=mock://here",
                "--set=admin.default.api.timeout.ms=1000",
                "--set=default.api.timeout.ms=1000");
        assertThat(noBroker.exitCode()).isEqualTo(1);
        assertThat(noBroker.err())
                .contains("start them, or correct bootstrap.servers")
                .doesNotContain("\tat ");
        Invocation noRegistry =
                launch(withoutLocal, "run", "--config=" + CONFIG, "--set=schema.registry.url=http://127.0.0.1:1");
        assertThat(noRegistry.exitCode()).isEqualTo(1);
        assertThat(noRegistry.err()).contains("correct schema.registry.url").doesNotContain("\tat ");
    }

    @Test
    void shouldKeepTheBrokerOutOfWhatRunNeeds() throws Exception {
        assertThat(files(BUILT.resolve("lib")))
                .anyMatch(jar -> jar.matches("millrace-.*\\.jar"))
                .anyMatch(jar -> jar.startsWith("jose4j")) // for logins by OAuth, and otherwise brought by the broker
                .noneMatch(jar -> jar.endsWith("-local.jar"))
                .anyMatch(jar -> jar.startsWith("javalin")) // HTTP of run
                .noneMatch(jar ->
                        jar.matches("(kafka_|kafka-(server|metadata|raft|storage|group|transaction|share)|scala).*"));
        assertThat(files(BUILT.resolve("local")))
                .doesNotContainAnyElementsOf(files(BUILT.resolve("lib")))
                .anyMatch(jar -> jar.matches("millrace-.*-local\\.jar"));
    }
}
