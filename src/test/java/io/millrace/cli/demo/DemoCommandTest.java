package io.millrace.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Invocation;
import io.millrace.cluster.Cluster;
import io.millrace.local.LocalBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("cluster")
class DemoCommandTest {
    @TempDir
    Path directory;

    private JsonNode report(String name) throws IOException {
        return new ObjectMapper().readTree(directory.resolve(name).toFile());
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void shouldLearnTheGeneratedStreamAndEndInTheSameWeightsAfterAKill() throws Exception {
        String[] options = {"--examples", "8000"};
        Invocation calm = demo("calm.json", with(options, "--warm-up", "1"));
        assertThat(calm.exitCode()).as(calm.err()).isZero();
        assertThat(calm.out()).contains("Loss over the stream", "Examples learned          8000 of 8000", "SHA-256");
        JsonNode report = report("calm.json");
        assertThat(report.get("examples").asLong()).isEqualTo(8000);
        assertThat(report.get("modelVersion").asLong()).isEqualTo(8000);
        assertThat(report.get("predictions").asLong()).isEqualTo(800);
        assertThat(report.get("prequentialAccuracy").asDouble()).isGreaterThan(0.75);
        assertThat(calm.out())
                .containsPattern("Served accuracy +0\\.[0-9]{5}, [0-9]+ answers, by versions [0-9,]+ examples");
        assertJudged(800, report);
        assertThat(report.get("servedAccuracy").asDouble()).isBetween(0.3, 1.0); // as old as the machine is slow
        assertThat(report.get("logLoss").asDouble()).isPositive();
        assertThat(report.get("examplesPerSecond").asDouble()).isPositive();

        killOnTheWay(options);
        Invocation resumed = demo("killed.json", with(options, "--dir", path("data")));
        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(report("killed.json").get("weightsSha256")).isEqualTo(report.get("weightsSha256"));
        assertThat(report("killed.json").get("prequentialAccuracy")).isEqualTo(report.get("prequentialAccuracy"));
        assertJudged(800, report("killed.json"));
    }

    /** Each request is judged or counted apart; serving may answer some again after a kill. */
    private static void assertJudged(int requests, JsonNode report) {
        long judged = report.get("servedAnswers").asLong();
        long apart = report.get("answeredTooLate").asLong()
                + report.get("answeredUnlabelled").asLong()
                + report.get("answered").path("NO_MODEL").asLong()
                + report.get("answered").path("BAD_INPUT").asLong();
        assertThat(judged).isPositive();
        assertThat(judged + apart)
                .isBetween((long) requests, report.get("predictions").asLong());
        assertThat(report.get("servedAgeMedian").asLong())
                .isBetween(0L, report.get("servedAgeP90").asLong());
    }

    /** Kills the JVM that holds broker, registry, training and serving. */
    private void killOnTheWay(String[] options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dmillrace.kernels=scalar",
                "-cp",
                System.getProperty("java.class.path"),
                "io.millrace.cli.Millrace",
                "demo"));
        command.addAll(List.of(with(options, "--dir", path("data"))));
        Path log = directory.resolve("killed.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Cluster.await("progress", () -> read(log).contains("accuracy"));
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(read(log)).doesNotContain("Examples learned");
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void shouldLearnARegressionAndCountBadRows() throws Exception {
        List<String> lines = new ArrayList<>(List.of("a,b,target"));
        for (int i = 0; i < 500; i++) {
            lines.add(i % 7 + "," + i % 11 + "," + (1000 * (i % 7) + i % 11));
        }
        lines.set(100, "1,x,5");
        lines.set(200, "1,2");
        lines.set(300, "1,2,much");
        Path csv = Files.write(directory.resolve("bikes.csv"), lines);
        Invocation demo = demo("regression.json", "--csv", csv.toString(), "--task", "regression", "--requests", "0");
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        JsonNode report = report("regression.json");
        assertThat(report.get("examples").asLong()).isEqualTo(497);
        assertThat(report.get("deadLetters").asLong()).isEqualTo(3);
        assertThat(report.get("predictions").asLong()).isZero();
        assertThat(report.get("mae").asDouble()).isBetween(1.0, 2000.0);
        assertThat(report.get("rmse").asDouble())
                .isGreaterThan(report.get("mae").asDouble());
        assertThat(demo.out()).contains("3 bad ones in the dead letters");
    }

    @Test
    void shouldLearnSeveralLabelsAndSeveralTargets() throws Exception {
        Random random = new Random(3);
        List<String> lines = new ArrayList<>(List.of("a,high,b,low"));
        for (int i = 0; i < 1280; i++) {
            float a = random.nextFloat();
            float b = random.nextFloat();
            lines.add(a + "," + (a > 0.5 ? 1 : 0) + "," + b + "," + (b < 0.5 ? 1 : 0));
        }
        lines.set(100, "0.5,2,0.5,0");
        lines.set(200, "0.5,1,0.5");
        String csv = Files.write(directory.resolve("labels.csv"), lines).toString();
        Map<String, String> partitions = Map.of("multilabel", "1", "regression", "3");
        for (String task : partitions.keySet()) {
            Invocation demo = demo(
                    task + ".json",
                    "--csv=" + csv,
                    "--label=high,low",
                    "--task=" + task,
                    "--requests=1",
                    "--set=topics.partitions=" + partitions.get(task));
            assertThat(demo.exitCode()).as(demo.err()).isZero();
            assertThat(demo.out()).contains("Expert binned-average     weight ");
        }
        assertThat(report("multilabel.json").get("expertWeights").fieldNames())
                .toIterable()
                .containsExactly("linear", "swift", "steady-average", "steady", "binned-average", "binned");
        assertThat(report("multilabel.json").get("deadLetters").asLong()).isEqualTo(2); // 2 is neither 0 nor 1
        assertThat(report("multilabel.json").get("examples").asLong()).isEqualTo(1278);
        assertThat(report("multilabel.json").get("prequentialAccuracy").asDouble())
                .isGreaterThan(0.7);
        assertThat(report("regression.json").get("deadLetters").asLong()).isEqualTo(1);
        assertThat(report("regression.json").get("mae").asDouble()).isLessThan(0.4);
        assertJudged(1280, report("multilabel.json"));
        assertJudged(1280, report("regression.json"));
        assertThat(report("multilabel.json").get("servedAccuracy").asDouble()).isGreaterThan(0.4);
        assertThat(report("regression.json").get("servedMae").asDouble()).isLessThan(1); // of 0 and 1
    }

    @Test
    void shouldNotInventWhatNoSnapshotTells() throws Exception {
        String[] options = {"--examples", "3000", "--requests", "0", "--set", "snapshot.min.examples=100000"};
        Invocation none = demo("none.json", with(options, "--set", "validation.report.examples=1100"));
        assertThat(none.exitCode()).as(none.err()).isZero();
        assertThat(none.out())
                .containsPattern("Examples learned +at least [0-9]+ of 3000\n")
                .contains("no snapshot yet", "snapshot.min.examples is 100000")
                .doesNotContain("SHA-256", "wait in the open", "Prequential");
        JsonNode report = report("none.json");
        assertThat(report.get("examples").asLong()).isBetween(1L, 2999L);
        assertThat(report.fieldNames())
                .toIterable()
                .contains("deadLetters")
                .doesNotContain("weightsSha256", "modelVersion", "prequentialAccuracy", "logLoss");
    }

    @Test
    void shouldSayWhenTheLastSnapshotIsOlderThanTheLastExample() throws Exception {
        Invocation demo = demo(
                "lag.json",
                "--examples=3000",
                "--rate=3000",
                "--requests=0",
                "--set=snapshot.min.examples=1500",
                "--set=batch.size=50",
                "--set=validation.report.examples=50");
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out()).containsPattern("Examples learned +3000 of 3000\n");
        JsonNode report = report("lag.json");
        long version = report.get("modelVersion").asLong();
        assertThat(version).isBetween(1500L, 3000L); // as the commits fall
        assertThat(report.get("examples").asLong()).isEqualTo(3000);
        assertThat(demo.out().contains(version + ", as of the last snapshot")).isEqualTo(version < 3000);
    }

    @Test
    void shouldTellOfTheExamplesHeldOutAndOfTheBestWeights() throws Exception {
        Invocation demo = demo(
                "held.json",
                "--examples=3000",
                "--requests=0",
                "--set=validation.holdout.fraction=0.25",
                "--set=early.stopping.patience=4",
                "--set=validation.report.examples=100");
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.out())
                .containsPattern("Examples held out +[67][0-9]{2}, as of the last report\n")
                .containsPattern("Prequential accuracy +0\\.[0-9]+, of the best weights\n")
                .containsPattern("Holdout accuracy +0\\.[0-9]+\n")
                .containsPattern("Version of the weights +[0-9]+00, the best by the validation loss\n");
        JsonNode report = report("held.json");
        assertThat(report.get("holdoutExamples").asLong()).isBetween(650L, 850L);
        assertThat(report.get("holdoutAccuracy").asDouble()).isBetween(0.6, 1.0);
        assertThat(report.get("holdoutLogLoss").asDouble()).isPositive();
        long learned = report.get("examples").asLong();
        assertThat(report.get("modelVersion").asLong()).isBetween(learned - 400, learned);
        assertThat(learned + report.get("holdoutExamples").asLong()).isBetween(2800L, 3000L);
    }

    /** Offsets count what was aborted, and the marker behind it. */
    @Test
    void shouldCountTheExamplesThatAreThereAndNoneThatWereAborted() throws Exception {
        List<String> lines = new ArrayList<>(List.of("a,b,y"));
        for (int i = 0; i < 300; i++) {
            lines.add(i % 7 + "," + i % 11 + "," + (i % 7 > 3 ? "yes" : "no"));
        }
        String csv = Files.write(directory.resolve("rows.csv"), lines).toString();
        String[] options = {"--csv", csv, "--requests", "0", "--dir", path("aborted")};
        Invocation calm = demo("calm.json", options);
        assertThat(calm.out()).as(calm.err()).containsPattern("Examples learned +300 of 300\n");
        abort(directory.resolve("aborted/broker"), 19); // at the end, where Kafka Streams commits nothing for them
        Invocation again = demo("again.json", options);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.out()).containsPattern("Examples learned +300 of 300\n");
        assertThat(report("again.json").get("sent").asLong()).isEqualTo(300);
    }

    private static void abort(Path broker, int examples) throws Exception {
        try (LocalBroker local = LocalBroker.start(broker, 0, Map.of("log.retention.ms", "-1"));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", local.bootstrapServers(), "transactional.id", "a-stranger"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < examples; i++) {
                producer.send(new ProducerRecord<>("millrace.examples", new byte[] {1}));
            }
            producer.flush();
            producer.abortTransaction();
        }
    }

    @Test
    void shouldFailWhereNothingWasLearned() throws Exception {
        List<String> lines = new ArrayList<>(List.of("a,y"));
        for (int i = 0; i < 30; i++) {
            lines.add(i + (i % 2 > 0 ? ",yes" : ",no"));
        }
        String csv = Files.write(directory.resolve("few.csv"), lines).toString();
        Invocation demo = demo("few.json", "--csv", csv, "--requests", "0", "--set", "batch.size=64");
        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(demo.out()).contains("0 of 30, 30 wait in the open mini-batch");
        assertThat(demo.err())
                .contains("Nothing was learned: of 30 examples, 0 are in the dead letters, and the others");
        assertThat(report("few.json").get("examples").asLong()).isZero();
    }

    @Test
    void shouldTellInALineThatAPortOrTheDirectoryIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            String port = String.valueOf(taken.getLocalPort());
            assertFailsInALine(
                    Invocation.of("demo", "--port", port), "broker cannot start: port " + port, "any free one.");
            assertFailsInALine(
                    Invocation.of("demo", "--registry-port", port),
                    "schema registry cannot start: port " + port,
                    "any free one.");
        }
        Path held = directory.resolve("held");
        try (LocalBroker other = LocalBroker.start(held.resolve("broker"), 0, Map.of())) {
            assertFailsInALine(
                    Invocation.of("demo", "--dir", held.toString()),
                    "another local broker runs on ",
                    "choose another directory.");
        }
        assertThat(Invocation.of("demo", "--dir", held.toString(), "--warm-up", "1")
                        .err())
                .contains("--warm-up and --dir do not go together");
        Path file = Files.createFile(directory.resolve("file"));
        Invocation demo = Invocation.of("demo", "--dir", file.toString());
        assertThat(demo.exitCode()).isEqualTo(2);
        assertThat(demo.err().lines()).hasSize(1).first().asString().contains("--dir " + file + " is not a directory");
    }

    private static void assertFailsInALine(Invocation demo, String why, String advice) {
        assertThat(demo.exitCode()).isEqualTo(1);
        assertThat(demo.err().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains(why)
                .endsWith(advice);
    }

    private Invocation demo(String report, String... options) {
        return Invocation.of(with(with(new String[] {"demo"}, options), "--report", path(report)));
    }

    private static String[] with(String[] options, String... more) {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }
}
