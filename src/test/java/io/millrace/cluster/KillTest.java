package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.Holdout;
import io.millrace.topology.ClusterCheck;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.StoredSnapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly-once learning: a process that is killed again and again learns what one learns that is left alone. */
class KillTest {
    private static final int EXAMPLES = 20_000;
    private static final int KILLS = Integer.getInteger("kill.count", 4);
    private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

    @TempDir
    Path directory;

    @Test
    void shouldEndWithTheSameWeightsAfterKillsInMidBatch() throws Exception {
        System.out.println("kill.seed=" + SEED);
        Random random = new Random(SEED);
        try (Cluster cluster = Cluster.start(directory)) {
            Map<String, String> killed = cluster.settings(
                    "killed", "validation.report.examples", "640", "validation.holdout.fraction", "0.1");
            MillraceConfig config = MillraceConfig.of(killed);
            MillraceConfig calm = MillraceConfig.of(cluster.settings(
                    "calm",
                    "validation.report.examples",
                    "640",
                    "validation.holdout.fraction",
                    "0.1",
                    "topics.prefix",
                    "",
                    "topics.examples",
                    config.topics().examples()));
            try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(serdes);
                CompletableFuture<Void> feeding = CompletableFuture.runAsync(() -> feed(cluster, config, serdes));
                for (int i = 0; i < KILLS; i++) {
                    try (ChildApplication child = ChildApplication.run(directory, killed, "run", "--role", "train")) {
                        long before = version(cluster, config, serdes);
                        Cluster.await(
                                "progress of the child\n" + child.output(),
                                () -> version(cluster, config, serdes) > before);
                        Thread.sleep(random.nextInt(400));
                        child.kill();
                    }
                }
                try (ChildApplication child = ChildApplication.run(directory, killed, "run", "--role", "train")) {
                    feeding.join();
                    cluster.awaitCommitted(config, EXAMPLES);
                    assertThat(child.terminate()).isEqualTo(128 + 15);
                }
                new ClusterCheck(calm).prepare(serdes);
                try (KafkaStreams training = MillraceStreams.training(calm, serdes)) {
                    training.start();
                    cluster.awaitCommitted(calm, EXAMPLES);
                }
                StoredSnapshot survived = cluster.newest(config, serdes).get(0);
                StoredSnapshot undisturbed = cluster.newest(calm, serdes).get(0);
                assertThat(survived.version()).isEqualTo(toBeLearned(config) / 64 * 64);
                assertThat(survived.head().getSha256())
                        .isEqualTo(undisturbed.head().getSha256());
                assertThat(survived.head().getEvaluation())
                        .isEqualTo(undisturbed.head().getEvaluation());
                assertReportsWithoutGapOrDouble(cluster, config, serdes);
                assertThat(reports(cluster, config, serdes)).isEqualTo(reports(cluster, calm, serdes));
            }
        }
    }

    /** Slowly enough that every kill finds examples on the way. */
    private static void feed(Cluster cluster, MillraceConfig config, AvroSerdes serdes) {
        for (int from = 0; from < EXAMPLES; from += 100) {
            cluster.sendExamples(config, serdes, from, from + 100);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static long version(Cluster cluster, MillraceConfig config, AvroSerdes serdes) {
        List<StoredSnapshot> newest = cluster.newest(config, serdes);
        return newest.isEmpty() ? 0 : newest.get(0).version();
    }

    /** All examples but those held out; one producer's records have the offsets 0, 1, 2... */
    private static long toBeLearned(MillraceConfig config) {
        Holdout holdout = new Holdout(0.1, config.learner().seed(), 0);
        return LongStream.range(0, EXAMPLES)
                .filter(offset -> !holdout.holds(offset))
                .count();
    }

    private static List<ValidationLoss> reports(Cluster cluster, MillraceConfig config, AvroSerdes serdes) {
        return cluster
                .read(
                        config,
                        config.topics().validationLosses(),
                        serdes.valueSerde(ValidationLoss.class).deserializer())
                .stream()
                .map(report -> report.value())
                .toList();
    }

    private static void assertReportsWithoutGapOrDouble(Cluster cluster, MillraceConfig config, AvroSerdes serdes) {
        assertThat(reports(cluster, config, serdes))
                .extracting(ValidationLoss::getExamples)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, toBeLearned(config) / 640)
                        .map(report -> report * 640)
                        .boxed()
                        .toList());
    }
}
