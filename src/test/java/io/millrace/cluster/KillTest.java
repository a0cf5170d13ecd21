package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Exactly-once learning: a process that is killed again and again learns what one learns that is left alone. The seed draws the moments:
 * {@code -Dcrash.seed}; {@code -Dcrash.kills} is their number.
 */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
@Tag("kill-loop")
class KillTest {
    private static final int KILLS = Integer.getInteger("crash.kills", 3);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    /** What the process is doing when it is killed. */
    private enum Moment {
        /** Anything: learning most of the time, with a mini-batch open. */
        RUNNING,
        /** Its snapshot is written and its transaction not yet committed. */
        COMMITTING,
        /** It has started and not yet learned: it joins its group, restores its state, makes its learner. */
        RESTORING
    }

    private enum Layers {
        DENSE("model.hidden", "64,64"),
        /** The two features are a sequence of two steps. */
        OF_SEQUENCES(
                "model.input.shape",
                "2x1",
                "model.layers",
                "conv(16, 2, padding=causal) relu, lstm(16, states=all), norm, flatten, dense(32) tanh");

        private final List<String> settings;

        Layers(String... settings) {
            this.settings = List.of(settings);
        }

        Map<String, String> settings(Cluster cluster, String application, String... changes) {
            List<String> all = new ArrayList<>(List.of(
                    "validation.report.examples",
                    "640",
                    "validation.holdout.fraction",
                    "0.1",
                    "snapshot.history", // compaction shall hide nothing
                    "10000"));
            all.addAll(List.of(changes));
            Map<String, String> result =
                    cluster.settings(application + "-" + name().toLowerCase(Locale.ROOT), all.toArray(String[]::new));
            result.remove("model.hidden");
            for (int i = 0; i < settings.size(); i += 2) {
                result.put(settings.get(i), settings.get(i + 1));
            }
            return result;
        }
    }

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final Recovery recovery = new Recovery();

    @ParameterizedTest
    @EnumSource(Layers.class)
    void shouldEndWithTheSameWeightsAfterKillsAtRandomMoments(Layers layers, Cluster cluster) throws Exception {
        System.out.println("crash.seed=" + SEED + " crash.kills=" + KILLS + " " + layers);
        Map<String, String> killed = layers.settings(cluster, "killed");
        MillraceConfig config = MillraceConfig.of(killed);
        MillraceConfig calm = MillraceConfig.of(layers.settings(
                cluster,
                "calm",
                "learner.thread",
                "false",
                "topics.prefix",
                "",
                "topics.examples",
                config.topics().examples(),
                "topics.model.snapshots",
                layers + "-snapshots",
                "topics.validation.losses",
                layers + "-losses"));
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            int examples;
            try (TopicTail snapshots =
                            TopicTail.committed(cluster, config, config.topics().modelSnapshots());
                    TopicTail reports =
                            TopicTail.committed(cluster, config, config.topics().validationLosses());
                    TopicTail written = TopicTail.uncommitted(
                            cluster, config, config.topics().modelSnapshots())) {
                Feeding feeding = Feeding.start(cluster, config, serdes, 100, 100);
                for (int i = 0; i < KILLS; i++) {
                    try (ChildApplication child = ChildApplication.run(directory, killed, "run", "--role", "train")) {
                        awaitMoment(Moment.values()[random.nextInt(3)], snapshots, written, child);
                        child.kill();
                        recovery.killed();
                    }
                }
                try (ChildApplication child = ChildApplication.run(directory, killed, "run", "--role", "train")) {
                    awaitProgress(snapshots, child);
                    examples = feeding.stop();
                    cluster.awaitCommitted(config, examples);
                    assertThat(child.terminate()).isEqualTo(128 + 15);
                }
                snapshots.assertSawNothingElseThanIsCommitted();
                reports.assertSawNothingElseThanIsCommitted();
                System.out.println(KILLS + " kills over " + examples + " examples; aborted snapshot records: "
                        + written.aborted() + "; " + recovery);
            }
            UninterruptedRun.assertSame(cluster, config, serdes, examples, 1);
            learnWithoutKills(cluster, calm, serdes, examples);
            StoredSnapshot survived = cluster.newest(config, serdes).get(0);
            StoredSnapshot uninterrupted = cluster.newest(calm, serdes).get(0);
            assertThat(survived.head().getSha256())
                    .isEqualTo(uninterrupted.head().getSha256());
            assertThat(survived.head().getEvaluation())
                    .isEqualTo(uninterrupted.head().getEvaluation());
            assertThat(cluster.reports(config)).isEqualTo(cluster.reports(calm));
            VerificationResult result = new InputRuns(cluster).verify(config);
            assertThat(result.equal()).as(result.sentences().toString()).isTrue();
        }
    }

    private void awaitMoment(Moment moment, TopicTail snapshots, TopicTail written, ChildApplication child)
            throws InterruptedException {
        if (moment == Moment.RESTORING) {
            child.awaitOutput("-> REBALANCING");
            Thread.sleep(random.nextInt(3000));
            return;
        }
        awaitProgress(snapshots, child);
        Thread.sleep(random.nextInt(400));
        if (moment == Moment.COMMITTING) {
            written.awaitNext();
        }
    }

    private void awaitProgress(TopicTail snapshots, ChildApplication child) {
        int before = snapshots.count();
        Cluster.await("progress of the child\n" + child.output(), () -> snapshots.count() > before);
        recovery.recovered();
    }

    private static void learnWithoutKills(Cluster cluster, MillraceConfig calm, AvroSerdes serdes, int examples) {
        new ClusterCheck(calm).prepare(serdes);
        try (KafkaStreams training = MillraceStreams.training(calm, serdes)) {
            training.start();
            cluster.awaitCommitted(calm, examples);
        }
    }
}
