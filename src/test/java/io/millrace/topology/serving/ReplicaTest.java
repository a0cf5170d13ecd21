package io.millrace.topology.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.feature.InputRow;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.learner.network.NetworkPredictor;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.topology.TestConfigs;
import io.millrace.topology.snapshot.SnapshotRecords;
import io.millrace.topology.snapshot.SnapshotRecords.Written;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which replicas answer, and how much each counts: live, and after a restart that reads a compacted topic. */
class ReplicaTest {
    private final SnapshotRecords topic = new SnapshotRecords();

    private static NetworkLearner untrained(String... changes) {
        return new NetworkLearner(TestConfigs.with(changes).learner(), report -> {});
    }

    /** A class of two that is "yes" on one side of the diagonal, after a drift on the other. */
    private static void learn(NetworkLearner learner, int from, int to, boolean drifted) {
        LearnerSpec spec = TestConfigs.with().learner();
        Labels labels = new Labels(spec.task(), spec.classes());
        for (int i = from; i < to; i++) {
            float[] row = row(i);
            float[] target = labels.encode(row[0] > row[1] != drifted ? "yes" : "no");
            learner.learn(row, target, 1, i);
        }
    }

    private static float[] row(int number) {
        Random random = new Random(number);
        return new float[] {random.nextFloat() * 2 - 1, random.nextFloat() * 2 - 1};
    }

    private static NetworkModel version(long version, String... changes) {
        return version(untrained(changes).model(), version);
    }

    private static NetworkModel version(NetworkModel model, long version) {
        return new NetworkModel(
                model.architecture(),
                model.task(),
                model.classes(),
                version,
                model.parameters(),
                model.featureMeans(),
                model.featureVariances(),
                model.targetMeans(),
                model.targetVariances());
    }

    private static List<Double> shares(List<Written> records) {
        return SnapshotRecords.live(records).replicas().shares();
    }

    private void assertShares(double tolerance, Double... expected) {
        for (List<Written> records : List.of(topic.all(), topic.compacted())) {
            List<Double> shares = shares(records);
            assertThat(shares).hasSize(expected.length);
            for (int i = 0; i < expected.length; i++) {
                assertThat(shares.get(i)).as("share of %s in %s", i, shares).isCloseTo(expected[i], within(tolerance));
            }
        }
    }

    private static int rightAfterTheDrift(List<Written> records) {
        ReplicaMean mean = new ReplicaMean(SnapshotRecords.live(records).replicas());
        return (int) IntStream.range(1_000_000, 1_000_200)
                .filter(i -> {
                    float[] scores = mean.answer(InputRow.of(row(i)), 0);
                    return (scores[1] > scores[0]) == row(i)[0] < row(i)[1];
                })
                .count();
    }

    @Test
    void shouldFollowADriftThatASilentPartitionHasNotSeen() {
        for (boolean both : new boolean[] {false, true}) {
            SnapshotRecords records = new SnapshotRecords();
            NetworkLearner silent = untrained("model.seed", "1");
            NetworkLearner other = untrained("model.seed", "2");
            for (int i = 0; i < 20_000; i += 1_000) {
                learn(silent, i, i + 1_000, false);
                records.publish(1, silent);
                if (both) {
                    learn(other, 100_000 + i, 101_000 + i, false);
                    records.publish(0, other);
                }
            }
            for (int i = 20_000; i < 25_000; i += 500) {
                learn(other, i, i + 500, true);
                records.publish(0, other);
            }
            assertThat(rightAfterTheDrift(records.all())).as("both: %s", both).isGreaterThan(190);
            assertThat(rightAfterTheDrift(records.compacted()))
                    .as("restarted, both: %s", both)
                    .isGreaterThan(190);
            if (both) { // else nothing tells how much of it was learned since
                assertThat(rightAfterTheDrift(records.newest()))
                        .as("restarted, a history of 1")
                        .isGreaterThan(190);
            }
        }
    }

    @Test
    void shouldCountReplicasThatPublishInTurnByTheExamplesThatTheyHaveLearned() {
        for (int step : new int[] {3, 300, 30_000}) {
            SnapshotRecords records = new SnapshotRecords();
            for (int i = 1; i <= 20; i++) {
                records.publish(0, version((long) i * step));
                records.publish(1, version((long) i * step));
                records.publish(2, version(2L * i * step));
                if (i % 5 != 1) {
                    continue;
                }
                for (List<Written> now : List.of(records.all(), records.compacted(), records.newest())) {
                    assertThat(shares(now)).as("step %s", step).containsExactly(0.25, 0.25, 0.5);
                }
            }
        }
    }

    @Test
    void shouldKeepTheWeightsOfReplicasWhoseExamplesComeByChance() {
        Random random = new Random(7);
        long[] versions = new long[2];
        for (int i = 0; i < 500; i++) {
            int partition = random.nextInt(2);
            versions[partition] += 1 + random.nextInt(20);
            topic.publish(partition, version(versions[partition]));
        }
        double total = versions[0] + versions[1];
        assertShares(1e-9, versions[0] / total, versions[1] / total);
    }

    @Test
    void shouldNotComeBackWithFullWeightAfterASingleExample() {
        topic.publish(0, version(100));
        topic.publish(1, version(20_000));
        for (int i = 1; i <= 50; i++) {
            topic.publish(0, version(100 + 200 * i));
        }
        topic.publish(1, version(20_001));
        assertThat(shares(topic.all()).get(1)).isLessThan(0.001);
        topic.publish(1, version(20_101));
        assertThat(shares(topic.all()).get(1)).isCloseTo(20_101 / 30_201.0, within(1e-9));
    }

    @Test
    void shouldNotLeaveTheAnswersToAReplicaThatHasJustBegun() {
        topic.publish(0, version(1_000_000));
        topic.publish(1, version(64));
        assertThat(shares(topic.all()).get(0)).isGreaterThan(0.999);
        assertThat(shares(topic.compacted()).get(0)).isGreaterThan(0.999);
    }

    @Test
    void shouldNeverDivideByZero() {
        topic.publish(0, version(0));
        assertShares(0, 1.0);
        topic.publish(1, version(0));
        assertShares(0, 0.5, 0.5);
        topic.publish(2, version(10));
        assertShares(0, 0.0, 0.0, 1.0);
        ReplicaMean mean = new ReplicaMean(SnapshotRecords.live(topic.all()).replicas());
        float[] alone = new float[2];
        new NetworkPredictor(version(10)).predict(row(1), alone);
        assertThat(mean.answer(InputRow.of(row(1)), 0)).isEqualTo(alone);
        assertThat(mean.of().version()).isEqualTo(10);
    }

    @Test
    void shouldDropAReplicaAtOnceWhoseNewestVersionIsDeleted() {
        topic.publish(0, version(64));
        topic.publish(1, version(64));
        for (int i = 2; i <= 10; i++) { // the history deletes versions that are old, and nothing else happens
            topic.publish(0, version(64 * i));
        }
        assertThat(shares(topic.all())).hasSize(2);
        topic.reset(1);
        assertShares(0, 1.0);
        topic.reset(0);
        assertThat(shares(topic.all())).isEmpty();
        topic.publish(0, version(64)); // the number comes again
        assertShares(0, 1.0);
        assertThat(SnapshotRecords.live(topic.all()).replicas().version()).isEqualTo(64);
    }

    @Test
    void shouldNotMixReplicasOfDifferentShapesAndServeTheOneWrittenLast() {
        List<String[]> shapes = List.of(
                new String[] {"model.hidden", "16"},
                new String[] {"model.hidden", "8,8"},
                new String[] {"model.activation", "tanh"},
                new String[] {"standardize.features", "false"},
                new String[] {"model.classes", "no,perhaps"});
        for (String[] shape : shapes) {
            SnapshotRecords records = new SnapshotRecords();
            records.publish(1, version(20_000));
            records.publish(0, version(20_000));
            records.publish(0, version(64, shape)); // by an application that is configured anew
            for (List<Written> now : List.of(records.all(), records.compacted())) {
                LiveModel.Replicas replicas = SnapshotRecords.live(now).replicas();
                assertThat(replicas.version()).as(Arrays.toString(shape)).isEqualTo(64);
                assertThat(replicas.shares()).containsExactly(1.0);
            }
            records.publish(1, version(20_064)); // the other instance has the old configuration still
            for (List<Written> now : List.of(records.all(), records.compacted())) {
                assertThat(SnapshotRecords.live(now).replicas().version()).isEqualTo(20_064);
            }
            records.reset(1);
            for (List<Written> now : List.of(records.all(), records.compacted())) {
                assertThat(SnapshotRecords.live(now).replicas().version()).isEqualTo(64);
            }
        }
    }

    @Test
    void shouldMixReplicasWhoseOptionsOfTrainingDiffer() {
        topic.publish(0, version(100));
        topic.publish(1, version(100, "dropout.hidden", "0.2"));
        assertShares(0, 0.5, 0.5);
    }

    @Test
    void shouldAnswerWithoutAReplicaThatFindsNoFiniteScores() {
        NetworkModel poisoned = version(300);
        Arrays.fill(poisoned.parameters(), Float.NaN);
        topic.publish(0, version(100));
        topic.publish(1, poisoned);
        ReplicaMean mean = new ReplicaMean(SnapshotRecords.live(topic.all()).replicas());
        float[] alone = new float[2];
        new NetworkPredictor(version(100)).predict(row(1), alone);
        assertThat(mean.answer(InputRow.of(row(1)), 0)).isEqualTo(alone);
        assertThatThrownBy(() -> mean.answer(InputRow.of(Float.NaN, 1), 0))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("feature 0 is NaN");
        topic.publish(0, poisoned);
        assertThatThrownBy(() ->
                        new ReplicaMean(SnapshotRecords.live(topic.all()).replicas()).answer(InputRow.of(row(1)), 0))
                .isInstanceOf(BadInputException.class);
    }
}
