package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said without a cluster. */
@Tag("cluster")
class CommandLineTest {
    private static final Path DEFAULTS = Path.of("topology/millrace.properties");

    @TempDir
    Path directory;

    private Path file(String name, String... lines) throws IOException {
        return Files.write(directory.resolve(name), List.of(lines));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "init", "run", "produce", "predict", "snapshot", "watch", "describe", "bench"})
    void everyCommandShouldExplainItself(String command) {
        Invocation help = Invocation.of(command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: millrace " + command);
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        assertThat(Invocation.of("demo", "--fast").exitCode()).isEqualTo(2);
        assertThat(Invocation.of("demo", "--fast").err()).contains("Unknown option: '--fast'");
        assertThat(Invocation.of("run").err()).contains("Missing required option: '--config=FILE'");
        assertThat(Invocation.of("run", "--config", "x", "--role", "sleep").err())
                .contains("TRAIN, SERVE, ALL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prodcue", "prodcue --help", "--help prodcue", "prodcue --version", "prodcue -c x --help"})
    void shouldNameTheCommandNearestToAnUnknownOne(String line) {
        Invocation unknown = Invocation.of(line.split(" "));
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err())
                .startsWith("Unmatched argument")
                .contains("'prodcue'", "Did you mean: millrace produce")
                .doesNotContain("Usage:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"xyzzy", "xyzzy --help"})
    void shouldShowAllCommandsWhenNoneIsNear(String line) {
        Invocation unknown = Invocation.of(line.split(" "));
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("'xyzzy'", "Usage: millrace", "  verify ");
    }

    @Test
    void shouldTellItsVersionWithoutBeingPackaged() throws IOException {
        Matcher pom = Pattern.compile("<artifactId>millrace</artifactId>\\s*<version>([^<]+)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(pom.find()).isTrue();
        Invocation version = Invocation.of("--version");
        assertThat(version.exitCode()).isZero();
        assertThat(version.out().lines().findFirst().orElseThrow())
                .matches("millrace " + Pattern.quote(pom.group(1)) + "( \\(commit [0-9a-f]{7,}(-dirty)?\\))?");
    }

    @Test
    void verifyShouldLookAtTheUsualAddressAndSayWhatItMissed() {
        Invocation verify = Invocation.of("verify", "--schema-registry", "http://127.0.0.1:1");
        assertThat(verify.exitCode()).isEqualTo(1);
        assertThat(verify.err().lines())
                .singleElement()
                .asString()
                .startsWith("millrace: The schema registry at http://127.0.0.1:1 cannot be reached")
                .endsWith("Not given: --config, --bootstrap-server. Looked for the brokers at localhost:9092;"
                        + " demo --keep prints the addresses of a demo.");
    }

    @Test
    void shouldDescribeTheDefaultConfiguration() {
        Invocation described =
                Invocation.of("describe", "--config", DEFAULTS.toString(), "--set", "model.hidden=20,10");
        assertThat(described.exitCode()).isZero();
        assertThat(described.out())
                .contains("millrace.examples", "3 - 20 relu - 10 relu - 2 identity, softmax_cross_entropy")
                .contains("parameters:  312")
                .contains("Processor: checkpoint (stores: [learner, mini-batches])")
                .contains("Processor: predict");
    }

    @Test
    void shouldDescribeTheLayersOfANetworkAsATable() {
        Invocation described = Invocation.of(
                "describe",
                "--config",
                DEFAULTS.toString(),
                "--set",
                "model.inputs=784",
                "--set",
                "model.input.shape=28x28x1",
                "--set",
                "model.layers=conv(16, 3x3), pool(2x2), conv(32, 3x3) tanh, mean, a: dense(64), dense(64) + a");
        assertThat(described.exitCode()).as(described.err()).isZero();
        assertThat(described.out()).containsIgnoringNewLines("""
                           layers:      conv(16, 3x3) relu, pool(2x2), conv(32, 3x3) tanh, pool(11x11, mean), h5: dense(64) relu, dense(64) relu + h5
                           layer                         output    parameters  multiplications
                           1: conv(16, 3x3) relu       26x26x16           160            97344
                           2: pool(2x2)                13x13x16             0                0
                           3: conv(32, 3x3) tanh       11x11x32          4640           557568
                           4: pool(11x11, mean)              32             0               32
                           5: dense(64) relu                 64          2112             2048
                           6: dense(64) relu (+5)            64          4160             4096
                           7: dense(2) identity               2           130              128
                           all                                          11202           661216
                           parameters:  11202
                        """);
    }

    @Test
    void shouldDescribeRecurrentLayers() {
        Invocation described = Invocation.of(
                "describe",
                "--config",
                DEFAULTS.toString(),
                "--set",
                "model.inputs=256",
                "--set",
                "model.input.shape=32x8",
                "--set",
                "model.layers=conv(8, 3, padding=causal), lstm(32, states=all), gru(16, truncate=8), dropout(0.2), dense(16)");
        assertThat(described.exitCode()).as(described.err()).isZero();
        assertThat(described.out()).containsIgnoringNewLines("""
                           layers:      conv(8, 3x1, padding=causal) relu, lstm(32, states=all), gru(16, truncate=8), dropout(0.2), dense(16) relu
                           layer                                       output    parameters  multiplications
                           1: conv(8, 3x1, padding=causal) relu          32x8           200             6144
                           2: lstm(32, states=all)                      32x32          5248           163840
                           3: gru(16, truncate=8)                          16          2368            73728
                           4: dense(16) relu                               16           272              256
                           5: dense(2) identity                             2            34               32
                           all                                                         8122           244000
                        """);
    }

    @Test
    void shouldDescribeAnEnsemble() {
        Invocation described =
                Invocation.of("describe", "--config", DEFAULTS.toString(), "--set", "model.kind=ensemble");
        assertThat(described.exitCode()).as(described.err()).isZero();
        assertThat(described.out()).containsIgnoringNewLines("""
                        Ensemble: 3 features, 2 outputs
                           linear:      long statistics
                           swift:       long statistics, short statistics, bins, 64 relu
                           steady:      long statistics, 64 relu, 32 relu
                           binned:      bins, 64 relu
                           parameters:  9326, and 5668 averaged ones
                           checkpoint:  about 151 KiB at each commit, snapshot 58 KiB
                        """);
    }

    @Test
    void shouldTellAllThatIsWrongWithAConfigurationAtOnce() throws IOException {
        Path config = file(
                "bad.properties",
                "bootstrap.servers=localhost:9092",
                "schema.registry.url=http://localhost:8081",
                "model.inputs=0",
                "learning.rat=0.1",
                "optimizer=newton");
        Invocation run = Invocation.of("run", "--config", config.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err().lines()).hasSize(3).allMatch(line -> line.startsWith("millrace: "));
        assertThat(run.err()).contains("model.inputs", "did you mean learning.rate?", "newton");
    }

    @Test
    void shouldWarnOfASettingByItsOldName() {
        Invocation described = Invocation.of(
                "describe",
                "--config",
                DEFAULTS.toString(),
                "--set",
                "model.kind=network",
                "--set",
                "optimizer=adam",
                "--set",
                "optimizer.adam.rho1=0.8");
        assertThat(described.exitCode()).isZero();
        assertThat(described.out()).contains("Adam[beta1=0.8, beta2=0.999, epsilon=1.0E-8]");
        assertThat(described.err())
                .isEqualToIgnoringNewLines("millrace: warning: optimizer.adam.rho1 is the old name of"
                        + " optimizer.adam.beta1: use the new one.");
    }

    @Test
    void shouldSayThatTheConfigurationFileIsMissing() {
        Invocation run = Invocation.of("run", "--config", "nowhere.properties");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualToIgnoringNewLines("millrace: There is no configuration file nowhere.properties.");
    }

    @Test
    void shouldNameTheColumnsThatThereAre() throws IOException {
        Path csv = file("a.csv", "x,y,z", "1,2,3");
        Invocation demo = Invocation.of("demo", "--csv", csv.toString(), "--label", "w");
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err()).isEqualToIgnoringNewLines("millrace: " + csv + " has no column \"w\"; it has x, y, z.");
    }

    @Test
    void shouldRefuseFilesThatAreNoExamples() throws IOException {
        assertThat(Invocation.of("demo", "--csv", "nowhere.csv").err()).contains("There is no file nowhere.csv");
        assertThat(Invocation.of("demo", "--csv", file("empty.csv").toString()).err())
                .contains("needs a header row");
        assertThat(Invocation.of("demo", "--csv", file("one.csv", "x", "1").toString())
                        .err())
                .contains("needs features and a label");
        assertThat(Invocation.of(
                                "demo",
                                "--csv",
                                file("same.csv", "x,y", "1,a", "2,a").toString())
                        .err())
                .contains("a classification needs two");
        Path many = file("many.csv");
        Files.writeString(many, "x,y\n");
        for (int i = 0; i < 1001; i++) {
            Files.writeString(many, i * 7 % 11 + "," + i + "\n", java.nio.file.StandardOpenOption.APPEND);
        }
        assertThat(Invocation.of("demo", "--csv", many.toString()).err()).contains("--task regression");
    }

    @Test
    void shouldRefuseClassesThatCannotBeListed() throws IOException {
        Path comma = file("comma.csv", "x,city", "1,Bonn", "2,\"Paris, Texas\"");
        Invocation demo = Invocation.of("demo", "--csv", comma.toString());
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err())
                .isEqualToIgnoringNewLines("millrace: " + comma + ", column city, line 3: the class"
                        + " \"Paris, Texas\" has a comma in its name. Rename it in the file; or list the classes with"
                        + " --set model.classes=..., and such rows become dead letters.");
        Path empty = file("gap.csv", "x,city", "1,Bonn", "2,Ulm", "3,", "4,Ulm");
        assertThat(Invocation.of("demo", "--csv", empty.toString()).err())
                .startsWith("millrace: " + empty + ", column city, line 4: the label is empty.");
        assertThat(Invocation.of("demo", "--csv", file("none.csv", "x,city").toString())
                        .err())
                .contains("has a header row but no examples");
    }

    @Test
    void shouldRefuseColumnsOfLabelsThatDoNotFitTheModelBeforeAnythingIsSent() throws IOException {
        String csv = file("fruit.csv", "x,red,round", "1,1,0").toString();
        String config = DEFAULTS.toString();
        String[] multilabel = {
            "produce", "-c", config, "--csv", csv, "--set=model.task=multilabel", "--set=model.classes=red,round"
        };
        assertRefused("The label is in 1 column(s), round, but model.classes names 2", multilabel);
        assertRefused("name them in that order", with(multilabel, "--label", "round,red"));
        String[] targets = {"produce", "-c", config, "--csv", csv, "--set=model.task=regression", "--set=model.classes="
        };
        assertRefused("but model.targets is 3", with(targets, "--label=red,round", "--set=model.targets=3"));
        assertRefused("a classification has one", "produce", "-c", config, "--csv", csv, "--label", "red,round");
        assertRefused("add --task multilabel", "demo", "--csv", csv, "--label", "red,round");
        String comma = file("comma.csv", "x,\"red, green\"", "1,1").toString();
        assertRefused("nor contain a comma", "demo", "--csv", comma, "--task", "multilabel");
    }

    private static void assertRefused(String why, String... arguments) {
        Invocation refused = Invocation.of(arguments);
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err().lines()).hasSize(1).first().asString().contains(why);
        assertThat(refused.out()).isEmpty();
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void shouldRefuseContradictoryOptionsBeforeAnythingStarts() {
        assertThat(Invocation.of("demo", "--requests", "2").err()).contains("--requests must be from 0 to 1");
        assertThat(Invocation.of("demo", "--task", "regression").err()).contains("add --csv FILE");
        assertThat(Invocation.of("demo", "--rate", "0").err()).contains("--rate must be above 0");
        assertThat(Invocation.of("demo", "--examples", "0").err()).contains("--examples must be at least 1");
        Invocation wrong = Invocation.of("demo", "--set", "batch.sise=3");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("did you mean batch.size?");
        assertThat(wrong.out()).doesNotContain("Starting");
    }

    @Test
    void shouldRefusePortsThatThereAreNot() {
        Invocation demo = Invocation.of("demo", "--port", "65536");
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err()).isEqualToIgnoringNewLines("millrace: --port must be from 0 to 65535, not 65536.");
        assertThat(Invocation.of("demo", "--registry-port", "-1").err()).contains("--registry-port must be from 0");
    }

    @Test
    void shouldRefuseFilesThatCannotBeWrittenBeforeAnythingStarts() {
        Path nowhere = directory.resolve("none/result");
        for (Invocation refused : List.of(
                Invocation.of("demo", "--report", nowhere.toString()),
                Invocation.of("bench", "--report", nowhere.toString()),
                Invocation.of("snapshot", "--config", DEFAULTS.toString(), "--save", nowhere.toString()))) {
            assertThat(refused.exitCode()).isEqualTo(2);
            assertThat(refused.err().lines()).hasSize(1);
            assertThat(refused.err()).contains("there is no directory " + nowhere.getParent());
            assertThat(refused.out()).isEmpty();
        }
        assertThat(Invocation.of("demo", "--report", directory.toString()).err())
                .contains("it is a directory");
    }

    @Test
    void shouldTellInALineThatTheBrokerIsOutOfReach() {
        Invocation run = Invocation.of(
                "run",
                "--config",
                DEFAULTS.toString(),
                "--set",
                "bootstrap.servers=127.0.0.1:1",
                "--set",
                "schema.registry.url=mock://here",
                "--set",
                "admin.default.api.timeout.ms=3000",
                "--set",
                "default.api.timeout.ms=3000");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("127.0.0.1:1").contains("start them, or correct bootstrap.servers");
    }

    /** At the start of training, not by each command. */
    @Test
    void runShouldSayThatASettingMakesTheModelANetwork() {
        String[] network = {
            "--config",
            DEFAULTS.toString(),
            "--set",
            "model.hidden=8",
            "--set",
            "schema.registry.url=http://127.0.0.1:1"
        };
        String note = "millrace: warning: model.kind is not set, and model.hidden is a setting of a single network.";
        assertThat(Invocation.of(with(new String[] {"run"}, network)).err()).startsWith(note);
        assertThat(Invocation.of(with(new String[] {"describe"}, network)).err())
                .isEmpty();
    }

    @Test
    void shouldTellInALineThatTheRegistryIsOutOfReach() {
        Invocation run = Invocation.of(
                "run", "--config", DEFAULTS.toString(), "--set", "schema.registry.url=http://127.0.0.1:1");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).contains("http://127.0.0.1:1").contains("Start it, or correct schema.registry.url");
    }
}
