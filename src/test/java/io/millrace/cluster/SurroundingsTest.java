package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.local.LocalRegistry;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The broker, the registry and the disk fail, and learning goes on without a hand when they are back. */
@Tag("cluster")
class SurroundingsTest {
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final Recovery recovery = new Recovery();

    private static void awaitProgress(Cluster cluster, MillraceConfig config, String after) {
        long before = cluster.committed(config).getOrDefault(0, 0L);
        Cluster.await("progress after " + after, () -> cluster.committed(config).getOrDefault(0, 0L) > before);
    }

    @Test
    @Tag("crash")
    void shouldGoOnWhenTheBrokerIsRestartedOrKilledUnderLoad() throws Exception {
        takeTheBrokerAway(6, 0, 3000);
    }

    /** Seed 17244170068542 left the producer in an error of no type, and the process stopped for good. */
    @Test
    @Tag("crash")
    void shouldGoOnWhenTheBrokerIsAwayForLongerThanAnyClientWaits() throws Exception {
        takeTheBrokerAway(
                2,
                8000,
                10_000,
                "train.producer.delivery.timeout.ms",
                "3000",
                "train.producer.request.timeout.ms",
                "1000",
                "train.producer.max.block.ms",
                "3000",
                "train.task.timeout.ms",
                "1000");
    }

    /** The client does not know then whether it has committed. */
    @Test
    @Tag("crash")
    void shouldGoOnWhenTheBrokerStandsStillForLongerThanACommitWaits() throws Exception {
        try (Cluster cluster = Cluster.start(directory);
                ChildBroker broker = ChildBroker.start(directory.resolve("child-broker"))) {
            Map<String, String> settings = cluster.settings(
                    "still",
                    "bootstrap.servers",
                    broker.bootstrapServers(),
                    "train.default.client.supplier",
                    FailingClients.class.getName(),
                    "train.producer.max.block.ms",
                    "1000",
                    "validation.report.examples",
                    "64",
                    "snapshot.history",
                    "10000");
            MillraceConfig config = MillraceConfig.of(settings);
            try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(serdes);
                try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
                    training.start();
                    Feeding feeding = Feeding.start(cluster, config, serdes, 100, 100);
                    awaitProgress(cluster, config, "the start");
                    for (int i = 0; i < 5; i++) {
                        CountDownLatch goesOn = new CountDownLatch(1);
                        FailingClients.beforeCommit(() -> {
                            broker.standStill();
                            CompletableFuture.delayedExecutor(1500, TimeUnit.MILLISECONDS)
                                    .execute(() -> {
                                        broker.goOn();
                                        goesOn.countDown();
                                    });
                        });
                        goesOn.await();
                        recovery.killed();
                        awaitProgress(cluster, config, "the broker's return");
                        recovery.recovered();
                    }
                    int examples = feeding.stop();
                    cluster.awaitCommitted(config, examples);
                    UninterruptedRun.assertSame(cluster, config, serdes, examples, 1);
                    System.out.println("broker still in a commit: " + recovery);
                }
            }
        }
    }

    private void takeTheBrokerAway(int times, int fromMs, int toMs, String... changes) throws Exception {
        System.out.println("crash.seed=" + SEED);
        Random random = new Random(SEED);
        try (Cluster cluster = Cluster.start(directory);
                ChildBroker broker = ChildBroker.start(directory.resolve("child-broker"))) {
            Map<String, String> settings = cluster.settings("load", changes);
            settings.put("bootstrap.servers", broker.bootstrapServers());
            settings.put("topics.partitions", "2"); // so that the intake is hit, too
            settings.put("validation.report.examples", "640");
            settings.put("snapshot.history", "10000");
            MillraceConfig config = MillraceConfig.of(settings);
            MillraceConfig learning = config.learningFromLog();
            OneModelRuns runs = new OneModelRuns(cluster);
            try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(serdes);
                try (ChildApplication child = ChildApplication.run(directory, settings, "run", "--role", "train")) {
                    Feeding feeding = Feeding.start(cluster, config, serdes, 100, 100);
                    awaitProgress(cluster, learning, "the start");
                    for (int i = 0; i < times; i++) {
                        Thread.sleep(random.nextInt(1000));
                        if (random.nextBoolean()) {
                            broker.kill();
                        } else {
                            broker.stop();
                        }
                        Thread.sleep(fromMs + random.nextInt(toMs - fromMs));
                        recovery.killed(); // from here on it can recover
                        broker.start();
                        awaitProgress(cluster, learning, "the broker's return\n" + child.output());
                        recovery.recovered();
                    }
                    int examples = feeding.stop();
                    runs.awaitLearned(config, examples);
                    assertThat(child.isAlive()).isTrue();
                    runs.assertLearnedOnce(config, examples);
                    System.out.println("broker away for " + fromMs + " to " + toMs + " ms: " + recovery);
                    System.out.println(child.output()
                            .lines()
                            .filter(line -> line.contains("trying again"))
                            .toList());
                }
            }
        }
    }

    @Test
    void shouldNeedNoDiskForItsState() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory can be made under a file");
        Path state = directory.resolve("state-kept");
        try (Cluster cluster = Cluster.start(directory)) {
            MillraceConfig unusable = MillraceConfig.of(cluster.settings(
                    "diskless", "state.dir", file.resolve("state").toString()));
            MillraceConfig usable = MillraceConfig.of(cluster.settings("diskless", "state.dir", state.toString()));
            try (AvroSerdes serdes = new AvroSerdes(unusable.registry())) {
                new ClusterCheck(unusable).prepare(serdes);
                cluster.sendExamples(unusable, serdes, 0, 1000);
                learn(cluster, usable, serdes, 1000);
                assertThat(files(state)).as("files of Kafka Streams").isEmpty();
                cluster.sendExamples(unusable, serdes, 1000, 2000);
                learn(cluster, unusable, serdes, 2000);
                UninterruptedRun.assertSame(cluster, unusable, serdes, 2000, 1);
            }
        }
    }

    private static void learn(Cluster cluster, MillraceConfig config, AvroSerdes serdes, int examples) {
        try (KafkaStreams training = MillraceStreams.training(config, serdes);
                KafkaStreams serving = MillraceStreams.serving(config, serdes)) {
            training.start();
            serving.start();
            cluster.awaitCommitted(config, examples);
            Cluster.await("serving to run", () -> serving.state() == KafkaStreams.State.RUNNING);
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void shouldLearnFromKnownSchemasWithoutTheRegistryAndWaitForAnUnknownOne() throws Exception {
        unknownSchemaWhileTheRegistryIsAway("wait");
    }

    @Test
    @Tag("crash")
    void shouldKeepTheRecordsOfUnknownSchemasAsDeadLettersWhenToldTo() throws Exception {
        unknownSchemaWhileTheRegistryIsAway("dead_letter");
    }

    private void unknownSchemaWhileTheRegistryIsAway(String unavailable) throws Exception {
        Path schemas = directory.resolve("schemas.json");
        LocalRegistry before = LocalRegistry.start(0, schemas);
        try (Cluster cluster = Cluster.start(directory)) {
            MillraceConfig config = MillraceConfig.of(cluster.settings(
                    "away",
                    "schema.registry.url",
                    before.url(),
                    "registry.unavailable",
                    unavailable,
                    "snapshot.history",
                    "10000"));
            try (AvroSerdes producing = new AvroSerdes(config.registry());
                    AvroSerdes learning = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(producing);
                byte[] later = LaterExample.bytes(producing, config);
                long version;
                try (KafkaStreams training = MillraceStreams.training(config, learning)) {
                    training.start();
                    cluster.sendExamples(config, producing, 0, 1000);
                    cluster.awaitCommitted(config, 1000);
                    before.close();
                    cluster.sendExamples(config, producing, 1000, 2000); // of a known schema
                    cluster.awaitCommitted(config, 2000);
                    LaterExample.send(config, later);
                    LaterExample.send(config, later);
                    if (unavailable.equals("wait")) {
                        Thread.sleep(1000);
                        assertThat(cluster.committed(config).get(0)).isEqualTo(2000);
                    } else {
                        cluster.awaitCommitted(config, 2002);
                    }
                    try (LocalRegistry after = LocalRegistry.start(
                            URI.create(config.schemaRegistryUrl()).getPort(), schemas)) {
                        assertThat(after.url()).isEqualTo(config.schemaRegistryUrl());
                        LaterExample.send(config, later);
                        cluster.sendExamples(config, producing, 2000, 2100);
                        cluster.awaitCommitted(config, 2103);
                        version = cluster.newest(config, producing).get(0).version();
                    }
                }
                List<ConsumerRecord<byte[], byte[]>> letters =
                        cluster.read(config, config.topics().deadLetters(), new ByteArrayDeserializer());
                if (unavailable.equals("wait")) {
                    assertThat(letters).isEmpty();
                    assertThat(version).isEqualTo(2103 / 64 * 64);
                } else {
                    assertThat(letters).hasSize(2).allSatisfy(letter -> {
                        assertThat(letter.value()).isEqualTo(later);
                        assertThat(new String(
                                        letter.headers()
                                                .lastHeader("millrace.cause")
                                                .value(),
                                        StandardCharsets.UTF_8))
                                .contains("could not be reached");
                    });
                    assertThat(version).isEqualTo(2101 / 64 * 64);
                }
            }
        }
    }
}
