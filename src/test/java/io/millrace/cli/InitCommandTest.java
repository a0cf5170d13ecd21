package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What init does with topics and files; what it concludes from records is in TopicSurveyTest. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class InitCommandTest {
    private static final String TOPIC = "init-orders";

    @TempDir
    Path directory;

    private Invocation init(Cluster cluster, Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "init",
                "--bootstrap-server",
                cluster.broker().bootstrapServers(),
                "--schema-registry",
                cluster.registry().url(),
                "--output",
                output.toString()));
        arguments.addAll(List.of(more));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    private static void send(Cluster cluster, int records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.broker().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                String order = "{\"amount\": " + i * 37 % 101 / 2.0 + ", \"late\": " + (i % 3 == 0) + "}";
                byte[] value = i == 5 ? null : order.getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>(TOPIC, i % 3, 1_000_000L + i, new byte[] {(byte) i}, value));
            }
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldReadTheNewestRecordsOfAllPartitionsAndOverwriteNoFile(Cluster cluster) throws Exception {
        Path output = directory.resolve("new.properties");
        Invocation unknown = init(cluster, output, "--topic", "init-nothing", "--label", "late");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err())
                .contains("millrace: There is no topic init-nothing at ", "or this user may not see it");
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", cluster.broker().bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 3, (short) 1))).all().get();
            assertThat(admin.listTopics().names().get()).doesNotContain("init-nothing");
        }
        assertThat(init(cluster, output, "--topic", TOPIC, "--label", "late").err())
                .contains("millrace: init-orders has no record with a value yet.");
        send(cluster, 301);
        Invocation asked = init(cluster, output, "--topic", TOPIC);
        assertThat(asked.exitCode()).isEqualTo(2);
        assertThat(asked.err()).contains("could be it: amount (is a number), late (is true or false).");
        assertThat(output).doesNotExist();

        Path given = Files.writeString(
                directory.resolve("given.properties"),
                "client.id=me\nmodel.hidden=8\nmodel.inputs=3\nmodel.classes=a,b\n");
        Invocation done = init(
                cluster, output, "--topic", TOPIC, "--label", "late", "--config", given.toString(), "--records", "150");
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out())
                .contains("init-orders: the newest 150 records of 3 partitions, JSON")
                .contains("Of the records, 150 can be learned, 0 have no label")
                .contains("Next: millrace run --config " + output);
        assertThat(Files.readString(output))
                .contains("client.id=me\n", "model.hidden=8\n", "features=\\\n    amount: number\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");
        assertThat(Invocation.of("describe", "--config", output.toString()).exitCode())
                .isZero();

        String before = Files.readString(output);
        Invocation again = init(cluster, output, "--topic", TOPIC, "--label", "late");
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).contains("exists, and init overwrites no file. Name another one with --output.");
        assertThat(Files.readString(output)).isEqualTo(before);
    }

    @Test
    void produceAndPredictShouldTakeOneKindOfRecords() throws Exception {
        Path own = Files.write(
                directory.resolve("own.properties"),
                List.of(
                        "bootstrap.servers=localhost:1",
                        "schema.registry.url=http://localhost:1",
                        "features=amount: number",
                        "label=late",
                        "model.classes=false,true"));
        for (String command : List.of("produce", "predict")) {
            assertThat(Invocation.of(command, "--config", own.toString(), "--csv", "rows.csv")
                            .err())
                    .contains("give them with --json FILE or --record JSON.");
            assertThat(Invocation.of(command, "--config", own.toString(), "--json", "a", "--record", "{}")
                            .err())
                    .contains("Give one source of records");
            assertThat(Invocation.of(command, "--config", "topology/millrace.properties", "--record", "{}")
                            .err())
                    .contains("The configuration declares no features, so records are rows of numbers");
            assertThat(Invocation.of(command, "--config", "topology/millrace.properties")
                            .err())
                    .contains("--csv FILE is missing");
        }
    }
}
