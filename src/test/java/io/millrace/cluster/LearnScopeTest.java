package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.config.LearnScope;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.Application;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an application goes on with when it has learned in one way and is configured for the other. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class LearnScopeTest {
    @TempDir
    static Path directory;

    private static Cluster cluster;
    private static AvroSerdes serdes;
    private static OneModelRuns runs;

    @BeforeAll
    static void startCluster(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
        runs = new OneModelRuns(cluster);
    }

    private static MillraceConfig replicas(String name) {
        MillraceConfig config = runs.config(name, 2, "learn.scope", "partition");
        runs.send(config, 0, 400);
        Application application = runs.started(config);
        cluster.awaitCommitted(config, 400);
        runs.stop(application);
        return config;
    }

    @Test
    void shouldContinueWithReplicasUnlessTheScopeIsConfigured() {
        replicas("old-replicas");
        MillraceConfig config = runs.config("old-replicas", 2);
        MillraceConfig scoped = runs.scoped(config);
        assertThat(scoped.learnScope()).isEqualTo(LearnScope.PARTITION);
        assertThat(scoped.topics().learned()).isEqualTo("old-replicas.examples");
        runs.send(config, 400, 600);
        Application application = runs.started(config);
        cluster.awaitCommitted(config, 600);
        runs.stop(application);
        UninterruptedRun.assertSame(cluster, config, serdes, 600, 2);
    }

    @Test
    void shouldRefuseToMakeOneModelOfReplicasAndBeginAnewWhereTheyStoppedIfTold() {
        replicas("discarded-replicas");
        MillraceConfig config = runs.config("discarded-replicas", 2, "learn.scope", "stream");
        assertThatThrownBy(() -> runs.scoped(config))
                .isInstanceOf(ClusterNotReadyException.class)
                .hasMessageContaining("discarded-replicas-train has learned a replica of the model for each partition")
                .hasMessageContaining("learn.scope=partition")
                .hasMessageContaining("model.reset=true");
        MillraceConfig reset = runs.config("discarded-replicas", 2, "learn.scope", "stream", "model.reset", "true");
        runs.send(reset, 400, 700);
        runs.learn(reset, 300);
        runs.send(reset, 700, 800);
        runs.learn(reset, 400);
        assertThat(runs.numbers(reset).get(0)).isEqualTo(400);
        List<StoredSnapshot> newest = cluster.newest(reset, serdes);
        assertThat(newest).hasSize(1);
        assertThat(newest.get(0).version()).isEqualTo(384);
        runs.verify(reset);
        runs.learn(runs.config("discarded-replicas", 2), 400);
    }

    @Test
    void shouldRefuseToMakeReplicasOfOneModelAndBeginAnewWhereItStoppedIfTold() {
        MillraceConfig stream = runs.config("discarded-model", 2);
        runs.send(stream, 0, 400);
        runs.learn(stream, 400);
        MillraceConfig config = runs.config("discarded-model", 2, "learn.scope", "partition");
        assertThatThrownBy(() -> runs.scoped(config))
                .isInstanceOf(ClusterNotReadyException.class)
                .hasMessageContaining("discarded-model-train has learned one model from all partitions")
                .hasMessageContaining("learn.scope=stream");
        MillraceConfig reset = runs.config("discarded-model", 2, "learn.scope", "partition", "model.reset", "true");
        runs.send(reset, 400, 800);
        Application application = runs.started(reset);
        cluster.awaitCommitted(reset, 800);
        runs.stop(application);
        assertThat(cluster.newest(reset, serdes))
                .extracting(StoredSnapshot::version)
                .containsExactly(192L, 192L);
    }

    @Test
    void shouldRefuseALogThatAnotherApplicationFills() {
        MillraceConfig config = runs.config("first-filler", 2);
        runs.send(config, 0, 100);
        runs.learn(config, 100);
        MillraceConfig other = runs.config("second-filler", 2, "topics.prefix", "first-filler.", "model.name", "other");
        assertThatThrownBy(() -> runs.scoped(other))
                .isInstanceOf(ClusterNotReadyException.class)
                .hasMessageContaining("first-filler.learning-log holds records that another application has copied")
                .hasMessageContaining("topics.learning.log");
    }

    @Test
    void shouldGoOnWithTheLogWhenASecondPartitionIsAddedWhileItRuns() throws Exception {
        Map<String, String> settings = cluster.settings(
                "outgrown",
                "main.consumer.metadata.max.age.ms",
                "500",
                "snapshot.history",
                "10000",
                "validation.report.examples",
                "64");
        MillraceConfig config = runs.config("outgrown", 1);
        int direct;
        try (ChildApplication child = ChildApplication.run(directory, settings, "run", "--role", "train")) {
            runs.send(config, 0, 500);
            cluster.awaitCommitted(config, 500);
            runs.addPartitions(config, 2);
            runs.send(config, 500, 900);
            child.awaitOutput("copies 2 partitions");
            // a part of the later examples may have been learned before training noticed the second partition
            direct = Math.toIntExact(cluster.committed(config).get(0));
            runs.awaitLearned(config, 900 - direct);
            assertThat(child.terminate()).as(child.output()).isEqualTo(128 + 15);
            assertThat(child.output()).contains("outgrown.examples has several partitions now");
        }
        List<Integer> copied = runs.numbers(config);
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            if (!copied.contains(i)) {
                numbers.add(i);
            }
        }
        assertThat(numbers).hasSize(direct);
        numbers.addAll(copied);
        UninterruptedRun.assertSame(cluster, config, serdes, List.of(numbers), Set.of());
        runs.verify(config);
    }
}
