package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two instances share four partitions, and one of them goes away: each partition's learner ends as if nothing had happened. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class InstancesTest {
    private static final int PARTITIONS = 4;
    private static int applications;
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);
    private final Recovery recovery = new Recovery();
    private Cluster cluster;
    private String application;
    private MillraceConfig config;
    private AvroSerdes serdes;
    private Feeding feeding;

    @BeforeEach
    void start(Cluster shared) {
        System.out.println("crash.seed=" + SEED);
        cluster = shared;
        application = "instances-" + applications++;
        config = MillraceConfig.of(settings("one"));
        serdes = cluster.serdes();
        new ClusterCheck(config).prepare(serdes);
        feeding = Feeding.start(cluster, config, serdes, 100, 100);
    }

    @AfterEach
    void stop() {
        System.out.println(recovery);
        feeding.stop();
    }

    private Map<String, String> settings(String instance) {
        Map<String, String> settings = new LinkedHashMap<>(cluster.settings(application));
        settings.put("topics.partitions", String.valueOf(PARTITIONS));
        settings.put("validation.report.examples", "320");
        settings.put("validation.holdout.fraction", "0.1");
        settings.put("snapshot.history", "10000");
        settings.put("learn.scope", "partition");
        settings.put("num.stream.threads", "2");
        settings.put("num.standby.replicas", "1");
        settings.put("state.dir", directory.resolve(instance).toString());
        return settings;
    }

    private ChildApplication start(String instance) throws Exception {
        return ChildApplication.run(directory, settings(instance), "run", "--role", "train");
    }

    /** Until all partitions, whoever has them, have committed more than now. */
    private void awaitProgressEverywhere() {
        Map<Integer, Long> before = cluster.committed(config);
        Cluster.await("progress of all partitions", () -> {
            Map<Integer, Long> now = cluster.committed(config);
            return now.size() == PARTITIONS
                    && now.entrySet().stream()
                            .allMatch(entry -> entry.getValue() > before.getOrDefault(entry.getKey(), 0L));
        });
        recovery.recovered();
    }

    /** Until it has opened the learners of all partitions. (A commit on its way may look like progress without anybody taking over.) */
    private static void awaitTakeover(ChildApplication instance) {
        Cluster.await(
                "all partitions in one instance",
                () -> IntStream.range(0, PARTITIONS)
                        .allMatch(partition -> instance.output().contains("partition " + partition + ": at version")));
    }

    private void assertUninterrupted() {
        int examples = feeding.stop();
        cluster.awaitCommitted(config, examples);
        UninterruptedRun.assertSame(cluster, config, serdes, examples, PARTITIONS);
    }

    @Test
    void shouldFenceAnInstanceThatStoodStillWhileAnotherTookOver() throws Exception {
        try (ChildApplication one = start("one");
                ChildApplication two = start("two")) {
            one.awaitOutput("at version");
            two.awaitOutput("at version");
            awaitProgressEverywhere();
            Thread.sleep(random.nextInt(300));
            one.freeze();
            recovery.killed();
            awaitTakeover(two); // its session and its open transaction have ended then
            awaitProgressEverywhere();
            one.thaw();
            recovery.killed();
            one.awaitOutput("RUNNING -> REBALANCING"); // it finds that its partitions are another's
            awaitProgressEverywhere();
            assertUninterrupted();
            assertThat(one.isAlive()).isTrue();
            assertThat(two.isAlive()).isTrue();
        }
    }

    @Test
    @Tag("crash")
    void shouldGoOnWhenOneInstanceIsKilled() throws Exception {
        try (ChildApplication one = start("one")) {
            for (int i = 0; i < 5; i++) {
                try (ChildApplication two = start("two")) {
                    two.awaitOutput("at version");
                    awaitProgressEverywhere();
                    Thread.sleep(random.nextInt(600));
                    two.kill();
                    recovery.killed();
                    awaitProgressEverywhere();
                }
            }
            assertUninterrupted();
            assertThat(one.isAlive()).isTrue();
        }
    }

    @Test
    @Tag("crash")
    void shouldFenceAnInstanceThatStandsStillAgainAndAgain() throws Exception {
        try (ChildApplication one = start("one");
                ChildApplication two = start("two")) {
            awaitProgressEverywhere();
            for (int i = 0; i < 6; i++) {
                ChildApplication frozen = List.of(one, two).get(random.nextInt(2));
                Thread.sleep(random.nextInt(600));
                frozen.freeze();
                recovery.killed();
                awaitProgressEverywhere();
                Thread.sleep(random.nextInt(3000));
                frozen.thaw();
                awaitProgressEverywhere();
            }
            assertUninterrupted();
            assertThat(one.isAlive()).isTrue();
            assertThat(two.isAlive()).isTrue();
        }
    }

    @Test
    @Tag("crash")
    void shouldHandPartitionsOverWhenInstancesLeaveJoinAndRestartInTurn() throws Exception {
        ChildApplication one = start("one");
        ChildApplication two = null;
        try {
            one.awaitOutput("at version");
            two = start("two"); // joins
            two.awaitOutput("at version");
            awaitProgressEverywhere();
            two.terminate(); // leaves
            recovery.killed();
            awaitProgressEverywhere();
            two = start("two");
            two.awaitOutput("at version");
            awaitProgressEverywhere();
            for (int i = 0; i < 3; i++) { // rolling restarts, with a standby in the other instance
                one.terminate();
                recovery.killed();
                awaitProgressEverywhere();
                one = start("one");
                one.awaitOutput("at version");
                awaitProgressEverywhere();
                two.terminate();
                recovery.killed();
                awaitProgressEverywhere();
                two = start("two");
                two.awaitOutput("at version");
                awaitProgressEverywhere();
            }
            assertUninterrupted();
        } finally {
            one.close();
            if (two != null) {
                two.close();
            }
        }
    }
}
