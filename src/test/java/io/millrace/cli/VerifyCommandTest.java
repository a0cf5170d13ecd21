package io.millrace.cli;

import static io.millrace.cli.VerifyRuns.config;
import static io.millrace.cli.VerifyRuns.learn;
import static io.millrace.cli.VerifyRuns.republish;
import static io.millrace.cli.VerifyRuns.verify;
import static io.millrace.cli.VerifyRuns.versions;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.avro.ModelSnapshot;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Versions that are what they claim to be, and versions that are not. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class VerifyCommandTest {
    @TempDir
    static Path directory;

    private static Cluster cluster;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
    }

    private static void send(MillraceConfig config, String topic, Iterable<ConsumerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                producer.send(new ProducerRecord<>(
                        topic, record.partition(), Math.max(0, record.timestamp()), record.key(), record.value()));
            }
        }
    }

    /** Bad bytes, and two mini-batches in a row that would ruin the weights. */
    private static int sendBad(MillraceConfig config, AvroSerdes serdes, int partition) {
        Example wild = new Example(new FloatVector(new float[] {Float.MAX_VALUE, Float.MAX_VALUE}), "yes", 1f);
        byte[] encoded = serdes.valueSerde(Example.class)
                .serializer()
                .serialize(config.topics().examples(), wild);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            byte[] value = i % 10 == 3 ? new byte[] {7, 7} : i % 10 == 4 ? null : encoded;
            records.add(new ConsumerRecord<>(config.topics().examples(), partition, 0, null, value));
        }
        send(config, config.topics().examples(), records);
        return records.size();
    }

    private static long deadLettered(MillraceConfig config, int partition, long nextOffset) {
        return cluster.read(config, config.topics().deadLetters(), new ByteArrayDeserializer()).stream()
                .filter(letter -> header(letter, "millrace.partition") == partition
                        && header(letter, "millrace.offset") < nextOffset)
                .count();
    }

    private static long header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return Long.parseLong(new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8));
    }

    @Test
    void shouldProveEveryReplicaOfAStreamWithBadRecordsHoldoutRefusalsAndAnotherConfigurationOnTheWay()
            throws IOException {
        MillraceConfig first = config(cluster, "proved", "learn.scope", "partition", "topics.partitions", "2");
        MillraceConfig second = config(
                cluster, "proved", "learn.scope", "partition", "topics.partitions", "2", "learning.rate", "0.01");
        try (AvroSerdes serdes = new AvroSerdes(first.registry())) {
            new ClusterCheck(first).prepare(serdes);
            learn(cluster, first, serdes, 0, 700, 0);
            int bad = sendBad(first, serdes, 0);
            learn(cluster, second, serdes, 700, 1400, bad);

            List<StoredSnapshot> before = cluster.newest(second, serdes);
            Invocation proved = verify(cluster, "proved");
            assertThat(proved.exitCode()).as(proved.out() + proved.err()).isZero();
            assertThat(proved.out().lines()).hasSize(2).allMatch(line -> line.contains(" = exactly offsets 0.."));
            for (StoredSnapshot snapshot : before) {
                assertThat(snapshot.head().getConfigurations()).hasSize(2);
                assertThat(proved.out())
                        .contains("partition " + snapshot.partition() + ": version " + snapshot.version() + " = ")
                        .contains(", sha256 " + snapshot.head().getSha256());
            }
            StoredSnapshot newest = before.get(0);
            long deadLettered = deadLettered(second, 0, newest.head().getNextOffset());
            assertThat(deadLettered)
                    .as("12 that cannot be decoded, and the refused ones")
                    .isGreaterThan(48);
            assertThat(proved.out().lines().findFirst().orElseThrow())
                    .matches(".*\\(\\d+ learned, " + deadLettered + " dead-lettered, [1-9]\\d held out\\).*");

            StoredSnapshot older = versions(second, serdes, 1).get(2);
            Invocation old =
                    verify(cluster, "proved", "--partition", "1", "--version", String.valueOf(older.version()));
            assertThat(old.out())
                    .contains("version " + older.version() + " = exactly offsets 0.."
                            + (older.head().getNextOffset() - 1) + " (");

            // asking changes nothing
            Path file = directory.resolve("proved.properties");
            Files.write(
                    file,
                    cluster.settings("proved").entrySet().stream()
                            .map(Object::toString)
                            .toList());
            Path rows = Files.writeString(directory.resolve("proved.csv"), "x,y\n1,2\n3,4\n");
            try (KafkaStreams serving = MillraceStreams.serving(second, serdes)) {
                serving.start();
                Cluster.await("serving", () -> serving.state() == KafkaStreams.State.RUNNING);
                Invocation asked = Invocation.of("predict", "--config", file.toString(), "--csv", rows.toString());
                assertThat(asked.out()).as(asked.err()).contains("1,OK").contains("2,OK");
                serving.metrics();
                MillraceStreams.stop(serving, Duration.ofSeconds(20));
            }
            assertThat(Invocation.of("snapshot", "--config", file.toString()).exitCode())
                    .isZero();
            assertThat(cluster.newest(second, serdes))
                    .extracting(snapshot -> snapshot.head().getLineage())
                    .isEqualTo(before.stream()
                            .map(snapshot -> snapshot.head().getLineage())
                            .toList());
            assertThat(verify(cluster, "proved").out()).isEqualTo(proved.out());

            Invocation none = verify(cluster, "proved", "--partition", "2");
            assertThat(none.exitCode()).isEqualTo(1);
            assertThat(none.err()).contains("There is no snapshot of model model, partition 2");
            Invocation unknown = verify(cluster, "proved", "--version", "7");
            assertThat(unknown.exitCode()).isEqualTo(1);
            assertThat(unknown.out()).contains("There is no version 7; there are [");
        }
    }

    @Test
    void shouldSayWhereASnapshotWasAltered() {
        MillraceConfig config = config(cluster, "altered");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            learn(cluster, config, serdes, 0, 1000, 0);
            List<StoredSnapshot> versions = versions(config, serdes, 0);
            ModelSnapshot good = versions.get(versions.size() - 1).head();
            float[] parameters = FloatVector.arrayOf(good.getParameters()).clone();
            int flipped = 20; // 2 x 16 weights: input 1, unit 4
            parameters[flipped] = Float.intBitsToFloat(Float.floatToRawIntBits(parameters[flipped]) ^ 1);

            ModelSnapshot damaged = ModelSnapshot.newBuilder(good)
                    .setParameters(new FloatVector(parameters))
                    .build();
            republish(config, serdes, damaged);
            Invocation found = verify(cluster, "altered");
            assertThat(found.exitCode()).isEqualTo(1);
            assertThat(found.out())
                    .contains("chunk 0 of version " + good.getVersion() + " is damaged: its CRC differs")
                    .contains("version " + good.getVersion()
                            + " differs first in layer 1, weight [1][4] (parameter 20): snapshot " + parameters[flipped]
                            + " (0x")
                    .contains("still equal at version "
                            + versions.get(versions.size() - 2).version());

            // who can write into the topic can make the checksums fit, and the lineage
            ModelSnapshot forged = ModelSnapshot.newBuilder(damaged)
                    .setCrc32c(ParameterDigest.crc32c(parameters))
                    .setSha256(ParameterDigest.sha256(parameters))
                    .build();
            republish(config, serdes, forged);
            Invocation caught = verify(cluster, "altered");
            assertThat(caught.exitCode()).isEqualTo(1);
            assertThat(caught.out())
                    .doesNotContain("CRC")
                    .contains("version " + good.getVersion() + " has been altered: its lineage does not follow")
                    .contains("differs first in layer 1, weight [1][4] (parameter 20)");

            republish(config, serdes, good);
            assertThat(verify(cluster, "altered").exitCode()).isZero();
            ModelSnapshot middle = versions.get(versions.size() / 2).head();
            republish(
                    config,
                    serdes,
                    ModelSnapshot.newBuilder(middle).setPredecessor("00").build());
            Invocation broken = verify(cluster, "altered");
            assertThat(broken.exitCode()).isEqualTo(1);
            assertThat(broken.out())
                    .contains("version " + middle.getVersion() + " does not follow version ")
                    .contains("; but see above");
        }
    }

    @Test
    void shouldSayBetweenWhichOffsetsAnExampleWasChanged() {
        MillraceConfig config = config(cluster, "changed");
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            learn(cluster, config, serdes, 0, 1000, 0);
            List<ConsumerRecord<byte[], byte[]>> examples =
                    cluster.read(config, config.topics().examples(), new ByteArrayDeserializer());
            int changed = 517;
            examples.get(changed).value()[8] ^= 1; // in the first feature
            MillraceConfig copy = config(cluster, "changed", "topics.examples", "copies");
            new ClusterCheck(copy).prepare(serdes);
            send(copy, copy.topics().examples(), examples);

            Invocation found = verify(cluster, "changed", "--set", "topics.examples=copies");
            assertThat(found.exitCode()).isEqualTo(1);
            List<StoredSnapshot> versions = versions(config, serdes, 0);
            StoredSnapshot equal = versions.stream()
                    .filter(version -> version.head().getNextOffset() <= changed)
                    .reduce((older, newer) -> newer)
                    .orElseThrow();
            StoredSnapshot differs = versions.get(versions.indexOf(equal) + 1);
            assertThat(found.out())
                    .contains("still equal at version " + equal.version() + ", first differs at version "
                            + differs.version() + ": the fault lies in offsets "
                            + equal.head().getNextOffset() + ".."
                            + (differs.head().getNextOffset() - 1));
        }
    }

    @Test
    void shouldGoOnFromAnEarlierVersionWhenTheHeadOfTheTopicIsGone() throws Exception {
        MillraceConfig config = config(cluster, "headless", "early.stopping.patience", "3");
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                Admin admin = Admin.create(config.client())) {
            new ClusterCheck(config).prepare(serdes);
            learn(cluster, config, serdes, 0, 1600, 0);
            assertThat(verify(cluster, "headless").out()).contains("= exactly offsets 0..");
            List<StoredSnapshot> versions = versions(config, serdes, 0);
            assertThat(versions).hasSizeGreaterThan(2);
            StoredSnapshot start = versions.get(1);
            TopicPartition partition = new TopicPartition(config.topics().examples(), 0);
            admin.deleteRecords(Map.of(
                            partition, RecordsToDelete.beforeOffset(start.head().getStateOffset())))
                    .all()
                    .get();
            Invocation resumed = verify(cluster, "headless");
            assertThat(resumed.exitCode()).as(resumed.out() + resumed.err()).isZero();
            assertThat(resumed.out())
                    .contains("= the state that version " + start.version() + " carries, and exactly offsets ");

            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(1600)))
                    .all()
                    .get();
            Invocation impossible = verify(cluster, "headless");
            assertThat(impossible.exitCode()).isEqualTo(1);
            assertThat(impossible.out())
                    .contains("cannot be verified")
                    .contains("those before 1,600 have been deleted")
                    .contains("raise snapshot.history");
        }
    }
}
