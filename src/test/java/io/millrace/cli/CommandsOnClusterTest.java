package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.http.Asking;
import io.millrace.metrics.Scrape;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A user's way through the commands: run, produce, predict, snapshot. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class CommandsOnClusterTest {
    @TempDir
    static Path directory;

    private static Cluster cluster;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
    }

    private Path csv(int rows) throws IOException {
        Random random = new Random(5);
        List<String> lines = new ArrayList<>(List.of("x,y,class"));
        for (int i = 0; i < rows; i++) {
            float x = random.nextFloat();
            float y = random.nextFloat();
            lines.add(x + "," + y + "," + (x > y ? "yes" : "no"));
        }
        return Files.write(directory.resolve("rows.csv"), lines);
    }

    @Test
    void shouldLearnAFileAndAnswerItsRows() throws Exception {
        Map<String, String> settings = cluster.settings(
                "user", "batch.size", "10", "learning.rate", "0.02", "topics.prefix", "user.", "http.port", "0");
        String config = directory.resolve("state-user.properties").toString();
        String rows = csv(1000).toString();
        try (ChildApplication child = ChildApplication.run(directory, settings, "run")) {
            Cluster.await(
                    "the child to run\n" + child.output(), () -> child.output().contains("REBALANCING -> RUNNING"));
            Invocation produced = Invocation.of("produce", "--config", config, "--csv", rows);
            assertThat(produced.out()).as(produced.err()).contains("Sent 1000 examples to user.examples.");
            Cluster.await(
                    "all to be learned",
                    () -> Invocation.of("snapshot", "--config", config).out().contains("1000 examples learned"));

            Invocation wrong = Invocation.of("produce", "--config", config, "--csv", rows, "--label", "x");
            assertThat(wrong.exitCode()).isEqualTo(1); // the learner judges: "yes" is no feature
            assertThat(wrong.err())
                    .contains("Sent 1000 examples", " 1000 of them are damaged and go to the dead letters")
                    .contains("; the first: line 2: column \"class\" holds", "Nothing can be learned from this file.");
            String forEver = String.valueOf(Long.MAX_VALUE);
            Invocation predicted = Invocation.of(
                    "predict", "--config", config, "--csv", rows, "--drop", "class", "--timeout", forEver);
            assertThat(predicted.exitCode()).as(predicted.err()).isZero();
            assertAnswersAgree(
                    Files.readAllLines(Path.of(rows)), predicted.out().lines().toList());
            Asking http = asking(child.output());
            assertSameBitsOverHttp(
                    http,
                    Files.readAllLines(Path.of(rows)),
                    predicted.out().lines().toList());
            assertMetrics(http);
            assertPage(http);

            assertDamagedRowsAreTold(config);
            assertSavedSnapshot(config);
            assertThat(Invocation.of("snapshot", "--config", config, "--version", "7")
                            .err())
                    .contains("There is no version 7; there are ");
            assertThat(child.terminate()).isEqualTo(143);
            assertThat(child.output()).contains("Stopped").doesNotContain("Exception");
        }
        Invocation unanswered =
                Invocation.of("predict", "--config", config, "--csv", rows, "--drop", "class", "--timeout", "1");
        assertThat(unanswered.exitCode()).isEqualTo(1);
        assertThat(unanswered.err()).contains("Does an instance serve");
    }

    @Test
    void produceShouldDealTheRowsToThePartitionsInTurn() throws Exception {
        Map<String, String> settings = cluster.settings("dealt", "topics.partitions", "3");
        Path file = directory.resolve("dealt.properties");
        Files.write(file, settings.entrySet().stream().map(Object::toString).toList());
        MillraceConfig config = MillraceConfig.of(settings);
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            Path rows = Files.writeString(
                    directory.resolve("dealt.csv"),
                    IntStream.range(0, 8)
                            .mapToObj(row -> row + ",0,yes\n")
                            .collect(Collectors.joining("", "x,y,class\n", "")));
            Invocation produced = Invocation.of("produce", "--config", file.toString(), "--csv", rows.toString());
            assertThat(produced.exitCode()).as(produced.err()).isZero();
            assertThat(
                            cluster
                                    .read(
                                            config,
                                            config.topics().examples(),
                                            serdes.valueSerde(Example.class).deserializer())
                                    .stream()
                                    .collect(Collectors.groupingBy(
                                            ConsumerRecord::partition,
                                            Collectors.mapping(
                                                    example -> example.value()
                                                            .getFeatures()
                                                            .get(0)
                                                            .intValue(),
                                                    Collectors.toList()))))
                    .isEqualTo(Map.of(0, List.of(0, 3, 6), 1, List.of(1, 4, 7), 2, List.of(2, 5)));

            Path pipe = PipesTest.pipe(directory, out -> {
                out.write(PipesTest.utf8("x,y,class\n1,2,yes\n"));
                out.flush();
                Thread.sleep(100);
                out.write(PipesTest.utf8("1,2,no\n"));
            });
            Invocation piped = Invocation.of("produce", "--config", file.toString(), "--csv", pipe.toString());
            assertThat(piped.out()).as(piped.err()).contains("Sent 2 examples to dealt.examples.");

            Path unknown = Files.writeString(directory.resolve("unknown.csv"), ",y,class\n0,2,maybe\n1,2,perhaps\n");
            Invocation none = Invocation.of("produce", "--config", file.toString(), "--csv", unknown.toString());
            assertThat(none.exitCode()).isEqualTo(1);
            assertThat(none.err())
                    .contains("millrace: warning: line 1 of " + unknown + " has columns without a name: 1.")
                    .contains(
                            " 2 of them are damaged",
                            "; the first: line 2: the label, column \"class\", holds \"maybe\"");

            Path broken = Files.writeString(directory.resolve("broken.csv"), "x,y,class\n1,2,yes\n1,2,no\n1,2,\"no\n");
            Invocation damaged = Invocation.of("produce", "--config", file.toString(), "--csv", broken.toString());
            assertThat(damaged.exitCode()).as(damaged.err()).isZero();
            assertThat(damaged.out())
                    .contains("Sent 3 examples", " 1 of them are damaged and go to the dead letters")
                    .contains("; the first: line 4: a quote is opened and not closed.");

            Path cut = Files.write(directory.resolve("cut.csv.gz"), cutOff());
            Invocation halfway = Invocation.of("produce", "--config", file.toString(), "--csv", cut.toString());
            assertThat(halfway.exitCode()).isEqualTo(1);
            assertThat(halfway.err())
                    .containsPattern("millrace: ([0-9]+) of \\1 rows were delivered, then: .*gzip data are cut off");
        }
    }

    /** Half of a gzip file of some hundred kilobytes. */
    private static byte[] cutOff() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            Random random = new Random(3);
            gzip.write("x,y,class\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 30_000; i++) {
                gzip.write((random.nextFloat() + ",2,yes\n").getBytes(StandardCharsets.US_ASCII));
            }
        }
        return Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2);
    }

    private static void assertAnswersAgree(List<String> rows, List<String> answers) {
        assertThat(answers).hasSize(1001);
        assertThat(answers.get(0)).isEqualTo("row,status,class,scores,modelVersion,reason");
        int right = 0;
        for (int i = 1; i <= 1000; i++) {
            String[] answer = answers.get(i).split(",");
            assertThat(answer[0]).isEqualTo(String.valueOf(i));
            assertThat(answer[1]).isEqualTo("OK");
            right += rows.get(i).endsWith("," + answer[2]) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(900);
    }

    private static Asking asking(String log) {
        Matcher port = Pattern.compile("HTTP at 127\\.0\\.0\\.1, port (\\d+)").matcher(log);
        assertThat(port.find()).as(log).isTrue();
        return new Asking(Integer.parseInt(port.group(1)));
    }

    /** The page of {@code run} begins to read the topics when somebody looks. */
    private static void assertPage(Asking asking) throws Exception {
        assertThat(asking.text("/")).contains("<title>");
        Cluster.await(
                "the page to have read the reports",
                () -> asking.text("/api/state").contains("\"version\":1000"));
    }

    /** A thousand examples were learned, a thousand were bad, and a thousand rows were answered. */
    private void assertMetrics(Asking asking) throws Exception {
        Cluster.await(
                "all to be counted", () -> new Scrape(asking.text("/metrics")).sum("millrace_bad_input_total") == 1000);
        Scrape scrape = new Scrape(asking.text("/metrics"));
        assertThat(scrape.values())
                .containsEntry("millrace_examples_total{outcome=\"learned\",partition=\"0\"}", 1000.0)
                .containsEntry("millrace_learned_version{partition=\"0\"}", 1000.0)
                .containsEntry("millrace_published_version{partition=\"0\"}", 1000.0)
                .containsEntry("millrace_served_version", 1000.0)
                .containsEntry("millrace_streams_state{role=\"train\",state=\"RUNNING\"}", 1.0)
                .containsEntry("millrace_streams_state{role=\"serve\",state=\"RUNNING\"}", 1.0)
                .containsEntry("millrace_registry_up{role=\"train\"}", 1.0)
                .containsEntry("millrace_registry_up{role=\"serve\"}", 1.0)
                .containsEntry(
                        "millrace_consumer_lag_records{partition=\"0\",role=\"train\",topic=\"user.examples\"}", 0.0)
                .containsKey("millrace_consumer_lag_records{partition=\"0\",role=\"serve\",topic=\"user.features\"}")
                .containsKey("millrace_checkpoint_duration_seconds_count{partition=\"0\"}");
        assertThat(scrape.value("millrace_served_age_seconds")).isBetween(0.0, 600.0);
        assertThat(scrape.value("millrace_predictions_total{channel=\"topic\",partition=\"0\",status=\"ok\"}"))
                .isEqualTo(1000);
    }

    private static void assertSameBitsOverHttp(Asking asking, List<String> rows, List<String> answers) {
        assertThat(asking.get("/v2/health/live").json()).hasToString("{\"live\":true}");
        assertThat(asking.get("/v2/health/ready").json()).hasToString("{\"ready\":true}");
        String features = rows.subList(1, 1001).stream()
                .map(row -> "{\"features\": [" + row.substring(0, row.lastIndexOf(',')) + "]}")
                .collect(Collectors.joining(",", "{\"rows\": [", "]}"));
        Asking.Answer answer = asking.post("/v2/models/model/versions/1000/predict", features);
        assertThat(answer.status()).as(answer.error()).isEqualTo(200);
        for (int i = 0; i < 1000; i++) {
            JsonNode scores = answer.json().at("/predictions/" + i + "/scores");
            assertThat(answers.get(i + 1).split(",")[3])
                    .isEqualTo(scores.get(0).asText() + " " + scores.get(1).asText());
        }
    }

    private static void assertDamagedRowsAreTold(String config) throws Exception {
        Path pipe = PipesTest.pipe(directory, out -> out.write(PipesTest.utf8("x,y\n1,noon\n1,2\n")));
        Invocation some = Invocation.of("predict", "--config", config, "--csv", pipe.toString());
        assertThat(some.exitCode()).as(some.err()).isZero();
        assertThat(some.out()).contains("1,BAD_INPUT,", "line 2: column \"\"y\"\" holds \"\"noon\"\"", "2,OK,");
        Path dates = Files.writeString(directory.resolve("dates.csv"), "x,day\n1,2024-03-01\n2,2024-03-02\n");
        Invocation none = Invocation.of("predict", "--config", config, "--csv", dates.toString());
        assertThat(none.exitCode()).isEqualTo(1);
        assertThat(none.err())
                .contains(
                        "None of the 2 rows has a prediction; the first: line 2: column \"day\" holds \"2024-03-01\"");
    }

    private void assertSavedSnapshot(String config) throws IOException {
        Path file = directory.resolve("weights.avro");
        Invocation saved = Invocation.of("snapshot", "--config", config, "--save", file.toString());
        try (DataFileReader<ModelSnapshot> reader =
                new DataFileReader<>(file.toFile(), new SpecificDatumReader<>(ModelSnapshot.class))) {
            ModelSnapshot snapshot = reader.next();
            assertThat(snapshot.getVersion()).isEqualTo(1000);
            assertThat(saved.out()).contains(snapshot.getSha256());
            assertThat(snapshot.getParameters()).hasSize((2 + 1) * 16 + (16 + 1) * 2);
        }
    }
}
