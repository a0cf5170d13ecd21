package io.millrace.cli;

import static io.millrace.cli.VerifyRuns.config;
import static io.millrace.cli.VerifyRuns.learn;
import static io.millrace.cli.VerifyRuns.republish;
import static io.millrace.cli.VerifyRuns.verify;
import static io.millrace.cli.VerifyRuns.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What {@code snapshot} and {@code verify} make of a snapshots topic that is large, strange or being deleted. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class SnapshotsReadTest {
    @TempDir
    static Path directory;

    private static Cluster cluster;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
    }

    private static Invocation snapshot(String name, String... more) {
        Path file = directory.resolve(name + ".properties");
        try (OutputStream out = Files.newOutputStream(file)) {
            Properties properties = new Properties();
            properties.putAll(cluster.settings(name));
            properties.store(out, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> arguments = new ArrayList<>(List.of("snapshot", "--config", file.toString()));
        arguments.addAll(List.of(more));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    private static void send(MillraceConfig config, String topic, int partition, byte[] key, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, partition, 1_000_000L, key, value));
        }
    }

    @Test
    void shouldReadManyLargeVersionsWithTheHeapOfAFew() throws Exception {
        int inputs = 1000;
        int versions = 20;
        Map<String, String> settings = cluster.settings(
                "large",
                "model.inputs",
                String.valueOf(inputs),
                "model.hidden",
                "1000",
                "optimizer",
                "sgd",
                "batch.size",
                "1",
                "snapshot.history",
                "1000",
                "train.commit.interval.ms",
                "50");
        MillraceConfig config = MillraceConfig.of(settings);
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                KafkaStreams training = MillraceStreams.training(config, serdes)) {
            new ClusterCheck(config).prepare(serdes);
            training.start();
            for (int i = 0; i < versions; i++) {
                float[] features = new float[inputs];
                Arrays.fill(features, i % 3 - 1);
                Example example = new Example(new FloatVector(features), i % 2 == 0 ? "yes" : "no", 1f);
                send(
                        config,
                        config.topics().examples(),
                        0,
                        null,
                        serdes.valueSerde(Example.class)
                                .serializer()
                                .serialize(config.topics().examples(), example));
                cluster.awaitCommitted(config, i + 1);
            }
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
        for (String command : List.of("snapshot", "verify")) {
            try (ChildApplication child =
                    ChildApplication.run(directory, settings, Map.of(), List.of("-Xmx72m"), command)) {
                assertThat(child.exitCode()).as(child.output()).isZero();
                assertThat(child.output())
                        .contains(command.equals("verify") ? "version 20 = exactly" : "20 examples learned");
            }
        }
    }

    @Test
    void shouldPassOverWhatIsNoSnapshotWithASentence() {
        MillraceConfig config = config(cluster, "strange");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            learn(cluster, config, serdes, 0, 400, 0);
            StoredSnapshot newest = cluster.newest(config, serdes).get(0);
            String topic = config.topics().modelSnapshots();
            Example other = Cluster.example(1);
            byte[] example = serdes.valueSerde(Example.class).serializer().serialize("elsewhere", other);
            byte[] garbage = {1, 2, 3};
            send(config, topic, 0, garbage, garbage);
            send(config, topic, 0, key(serdes, topic, 1_000_000), garbage);
            send(config, topic, 0, key(serdes, topic, 1_000_001), example);
            send(
                    config,
                    topic,
                    0,
                    key(serdes, topic, 1_000_002),
                    serdes.valueSerde(ModelSnapshot.class)
                            .serializer()
                            .serialize(topic, newest.chunks().get(0)));

            Invocation shown = snapshot("strange");
            assertThat(shown.exitCode()).as(shown.err()).isZero();
            assertThat(shown.out()).contains(newest.version() + " examples learned");
            assertThat(shown.err().lines())
                    .hasSize(3)
                    .anyMatch(line ->
                            line.startsWith("millrace: skipped: chunk 0 of version 1000000, the record at " + "offset ")
                                    && line.contains("shorter than the 5 bytes"))
                    .anyMatch(line -> line.contains("version 1000001") && line.contains("cannot be read"))
                    .anyMatch(line -> line.contains("version 1000002") && line.contains("its value belongs to {"));

            Invocation verified = verify(cluster, "strange");
            assertThat(verified.err()).isEmpty();
            assertThat(verified.out())
                    .contains("chunk 0 of version 1000000")
                    .contains("chunk 0 of version 1000001")
                    .contains("chunk 0 of version 1000002")
                    .contains("version " + newest.version() + " = exactly");

            // what is no model is a sentence, too
            ModelSnapshot nonsense =
                    ModelSnapshot.newBuilder(newest.chunks().get(0)).build();
            nonsense.getSpec().put("loss", "none");
            republish(config, serdes, nonsense);
            Invocation refused = snapshot("strange");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err()).contains("Version " + newest.version() + " of partition 0 cannot be used: ");
            assertThat(refused.err()).doesNotContain("\tat ");
        }
    }

    private static byte[] key(AvroSerdes serdes, String topic, long version) {
        return serdes.keySerde(ModelSnapshotKey.class)
                .serializer()
                .serialize(topic, new ModelSnapshotKey("model", 0, version, 0));
    }

    @Test
    void shouldShowTheReplicasThereAre() {
        MillraceConfig config = config(cluster, "replicas", "learn.scope", "partition", "topics.partitions", "3");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
                training.start();
                sendExamples(config, serdes, 2);
                cluster.awaitCommitted(config, 64);
                Invocation only = snapshot("replicas");
                assertThat(only.exitCode()).as(only.err()).isZero();
                assertThat(only.out()).contains("model, partition 2");

                Invocation missing = snapshot("replicas", "--partition", "0");
                assertThat(missing.exitCode()).isEqualTo(1);
                assertThat(missing.err()).contains("partition 0").contains("there are snapshots of the partitions 2.");

                sendExamples(config, serdes, 1);
                cluster.awaitCommitted(config, 128);
                MillraceStreams.stop(training, Duration.ofSeconds(20));
            }
            Invocation both = snapshot("replicas");
            assertThat(both.exitCode()).as(both.err()).isZero();
            assertThat(both.out().lines()).hasSize(2).allMatch(line -> line.contains("sha256"));
            assertThat(both.out()).contains("partition 1: version ").contains("partition 2: version ");

            Path file = directory.resolve("W.avro");
            Invocation which = snapshot("replicas", "--save", file.toString());
            assertThat(which.exitCode()).isEqualTo(2);
            assertThat(which.err()).contains("1, 2").contains("--partition P");
            assertThat(snapshot("replicas", "--save", file.toString(), "--partition", "1")
                            .exitCode())
                    .isZero();
        }
    }

    /** One mini-batch. */
    private static void sendExamples(MillraceConfig config, AvroSerdes serdes, int partition) {
        String topic = config.topics().examples();
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                config.client(),
                new ByteArraySerializer(),
                serdes.valueSerde(Example.class).serializer())) {
            for (int i = 0; i < 64; i++) {
                producer.send(new ProducerRecord<>(topic, partition, 1_000_000L, null, Cluster.example(i)));
            }
        }
    }

    /** Deletes the first examples as soon as a replay has read some of them. */
    public static final class Retention implements ConsumerInterceptor<byte[], byte[]> {
        static final int KEPT_FROM = 900;

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.topic().equals("overtaken.examples") && record.offset() == 100) {
                    delete(new TopicPartition(record.topic(), record.partition()));
                }
            }
            return records;
        }

        private static void delete(TopicPartition partition) {
            try (Admin admin =
                    Admin.create(Map.of("bootstrap.servers", cluster.broker().bootstrapServers()))) {
                admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(KEPT_FROM)))
                        .all()
                        .get();
            } catch (InterruptedException | ExecutionException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> configs) {}
    }

    @Test
    void shouldSayThatRetentionOvertookTheReplayAndAccuseNothing() {
        MillraceConfig config = config(cluster, "overtaken", "snapshot.state.max.bytes", "0");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            learn(cluster, config, serdes, 0, 1000, 0);
            long newest = versions(config, serdes, 0).stream()
                    .mapToLong(StoredSnapshot::version)
                    .max()
                    .orElseThrow();

            Invocation overtaken = verify(
                    cluster,
                    "overtaken",
                    "--set",
                    "interceptor.classes=" + Retention.class.getName(),
                    "--set",
                    "max.partition.fetch.bytes=2000",
                    "--set",
                    "max.poll.records=20");

            assertThat(overtaken.exitCode()).isEqualTo(1);
            assertThat(overtaken.out().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.matches("partition 0: version " + newest
                            + " cannot be verified: retention overtook the replay at offset [0-9]+:"
                            + " overtaken.examples-0 begins at offset 900 now"))
                    .contains("partition 0: NOT VERIFIED");
        }
    }
}
