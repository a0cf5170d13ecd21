package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.record.DeadLetterInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes share the intake and the training of one model; the one that copies need not be the one that learns. Whichever is killed,
 * or both, each record is copied once and learned once, or is a dead letter once, and the bits are those of a run without kills. The
 * records are of a schema of their own ({@link DeclaredRecords}). The seed draws the moments and the victims: {@code -Dcrash.seed}; {@code
 * -Dcrash.kills} is their number.
 */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
@Tag("kill-loop")
class IntakeKillTest {
    private static final int KILLS = Integer.getInteger("crash.kills", 2);
    private static final long SEED = Long.getLong("crash.seed", System.nanoTime());

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);

    @Test
    void shouldCopyAndLearnEachRecordOnceWhicheverProcessIsKilled(Cluster cluster) throws Exception {
        System.out.println("crash.seed=" + SEED + " crash.kills=" + KILLS);
        OneModelRuns runs = new OneModelRuns(cluster);
        MillraceConfig config = runs.config("killed-intake", 4, settings());
        List<ChildApplication> children = new ArrayList<>();
        Recovery recovery = new Recovery();
        try (TopicTail written =
                        TopicTail.uncommitted(cluster, config, config.topics().modelSnapshots());
                TopicTail snapshots =
                        TopicTail.committed(cluster, config, config.topics().modelSnapshots())) {
            Feeding feeding = Feeding.start(cluster, config, cluster.serdes(), 100, 100);
            children.add(start(cluster, 0));
            children.add(start(cluster, 1));
            for (int i = 0; i < KILLS; i++) {
                awaitProgress(snapshots, children);
                recovery.recovered();
                Thread.sleep(random.nextInt(1500));
                int victim = random.nextInt(3); // 2: both
                for (int child = 0; child < 2; child++) {
                    if (victim == child || victim == 2) {
                        children.get(child).kill();
                    }
                }
                recovery.killed();
                for (int child = 0; child < 2; child++) {
                    if (victim == child || victim == 2) {
                        children.set(child, start(cluster, child));
                    }
                }
            }
            awaitProgress(snapshots, children);
            recovery.recovered();
            int examples = feeding.stop();
            runs.awaitLearned(config, examples);
            for (ChildApplication child : children) {
                assertThat(child.terminate()).as(child.output()).isEqualTo(128 + 15);
            }
            System.out.println(KILLS + " kills over " + examples + " examples; aborted snapshot records: "
                    + written.aborted() + "; " + recovery);
            runs.assertLearnedOnce(config, examples);
            assertThat(cluster.read(config, config.topics().deadLetters(), new ByteArrayDeserializer()))
                    .extracting(letter -> DeadLetterInfo.of(letter.headers()))
                    .extracting(info -> info.partition() + 4 * info.offset()) // the number of the record
                    .containsExactlyInAnyOrderElementsOf(LongStream.range(0, examples)
                            .filter(number -> DeclaredRecords.isBad((int) number))
                            .boxed()
                            .toList());
        } finally {
            children.forEach(ChildApplication::close);
        }
    }

    private static String[] settings(String... others) {
        List<String> all = new ArrayList<>(List.of("model.kind", "ensemble"));
        all.addAll(List.of(others));
        return DeclaredRecords.settings(all.toArray(String[]::new));
    }

    private ChildApplication start(Cluster cluster, int number) throws Exception {
        Map<String, String> settings = cluster.settings(
                "killed-intake",
                settings(
                        "snapshot.history",
                        "10000",
                        "validation.report.examples",
                        "64",
                        "state.dir",
                        directory.resolve("state-" + number).toString()));
        return ChildApplication.run(directory, settings, "run", "--role", "train");
    }

    private static void awaitProgress(TopicTail snapshots, List<ChildApplication> children) {
        int before = snapshots.count();
        try {
            Cluster.await("progress", () -> snapshots.count() > before);
        } catch (AssertionError e) {
            throw new AssertionError(
                    e.getMessage() + " of\n" + children.get(0).output() + "\nor\n"
                            + children.get(1).output(),
                    e);
        }
    }
}
