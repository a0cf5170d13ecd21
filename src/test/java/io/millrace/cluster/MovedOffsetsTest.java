package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.OffsetRange;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.startup.ClusterCheck;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Somebody, or a setting, moves the offsets of the group: nothing is learned twice or left out without a word. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class MovedOffsetsTest {
    private static Cluster cluster;
    private static AvroSerdes serdes;
    private static InputRuns runs;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
        runs = new InputRuns(cluster);
    }

    @Test
    void shouldLearnNothingTwiceWhenTheOffsetWasMovedBack() throws Exception {
        MillraceConfig config = runs.learned("back", 1000);
        runs.move(config, 0);
        cluster.sendExamples(config, serdes, 1000, 1500);
        runs.learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
        assertThat(runs.verified(config)).contains("exactly offsets 0..1,471 (1,472 learned");
    }

    @Test
    void shouldLeaveNothingOutWhenTheOffsetWasMovedForwardOrBeyondTheEnd() throws Exception {
        MillraceConfig config = runs.learned("forward", 1000);
        cluster.sendExamples(config, serdes, 1000, 1500);
        runs.move(config, 1200);
        runs.learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
        runs.move(config, 50_000);
        cluster.sendExamples(config, serdes, 1500, 1600);
        runs.learn(config, 1600);
        UninterruptedRun.assertSame(cluster, config, serdes, 1600, 1);
    }

    @Test
    void shouldFollowTheGroupWhenToldToAndSaySo() throws Exception {
        MillraceConfig config = runs.learned("follow", 1000, "learn.from", "committed");
        runs.move(config, 900);
        cluster.sendExamples(config, serdes, 1000, 1500);
        runs.move(config, 100);
        runs.learn(config, 1500);
        assertThat(runs.causes(config)).containsExactly("start", "moved");
        assertThat(runs.newest(config).getVersion()).isEqualTo(2400 / 64 * 64);
        assertThat(runs.verified(config))
                .contains(
                        "exactly offsets 0..999 of follow.examples (topic id ",
                        "), then 100..1,467 of follow.examples (up to where");

        cluster.sendExamples(config, serdes, 1500, 2000);
        runs.move(config, 1700);
        runs.learn(config, 2000);
        assertThat(runs.causes(config)).containsExactly("start", "moved", "moved");
        assertThat(runs.verified(config)).contains(", then 1,700..");
    }

    @Test
    void shouldGoOnAfterAnUpgradeWhereverTheOffsetWasMoved() throws Exception {
        MillraceConfig config = runs.learned("older", 1000);
        OlderCheckpoint.write(cluster, config, 0);
        runs.move(config, 300);
        cluster.sendExamples(config, serdes, 1000, 1500);
        runs.learn(config, 1500);
        UninterruptedRun.assertSame(cluster, config, serdes, 1500, 1);
        assertThat(runs.verified(config)).contains("exactly offsets 0..1,471 (1,472 learned");
    }

    /** Whatever auto.offset.reset says: what is left is learned, and what is gone is told. */
    @ParameterizedTest
    @CsvSource({"latest", "none"})
    void shouldGoOnWithWhatIsLeftWhereverAConsumerWouldJump(String reset) throws Exception {
        MillraceConfig config = runs.learned(
                "reset-" + reset,
                1000,
                "snapshot.state.max.bytes",
                "1048576",
                "main.consumer.auto.offset.reset",
                "earliest");
        MillraceConfig jumping = runs.config("reset-" + reset, "main.consumer.auto.offset.reset", reset);
        cluster.sendExamples(config, serdes, 1000, 2000);
        runs.deleteBefore(config, 1800);
        runs.learn(jumping, 2000);
        assertThat(runs.newest(config).getVersion()).isEqualTo(1200 / 64 * 64);
        assertThat(runs.newest(config).getMissing()).containsExactly(new OffsetRange(0, 1000L, 1800L));
    }

    @Test
    void shouldRefuseAnOffsetThatIsNotThereEvenWhenToldToFollow() throws Exception {
        MillraceConfig config = runs.learned("beyond", 500, "learn.from", "committed");
        runs.move(config, 50_000);
        assertThatThrownBy(() -> ClusterCheck.forTraining(config).prepare(serdes))
                .isInstanceOf(ClusterNotReadyException.class)
                .hasMessageContaining("The offset of beyond-train for beyond.examples-0 is 50000")
                .hasMessageContaining("ends before offset 500");
        runs.move(config, 500);
        cluster.sendExamples(config, serdes, 500, 600);
        runs.learn(config, 600);
        assertThat(runs.causes(config)).containsExactly("start");
    }
}
