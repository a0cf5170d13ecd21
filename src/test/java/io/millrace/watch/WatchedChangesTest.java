package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What happens to training and to its topics while somebody watches. */
@Tag("cluster")
@Tag("crash")
@ExtendWith(SharedCluster.class)
class WatchedChangesTest {
    /** The brokers' session timeout, the pause between two questions to them, and as much for a busy machine. */
    private static final long PATIENCE_MS = 2 * (1500 + 2000);

    @TempDir
    Path directory;

    @Test
    void shouldSayWithinTheSessionTimeoutThatTrainingWasKilled(Cluster cluster) throws Exception {
        Map<String, String> settings = cluster.settings("watch-killed");
        MillraceConfig config = MillraceConfig.of(settings);
        new ClusterCheck(config).prepare(cluster.serdes());
        try (Watch watch = new Watch(config, cluster.serdes(), null);
                ChildApplication child = ChildApplication.run(directory, settings, "run", "--role", "train")) {
            cluster.sendExamples(config, cluster.serdes(), 0, 640);
            Cluster.await("learning", () -> watch.line(null).contains(", 640 examples learned"));
            child.kill();
            long killed = System.nanoTime();
            Cluster.await("the end of training", () -> watch.line(null).startsWith("training does not run"));
            long ms = (System.nanoTime() - killed) / 1_000_000;
            System.out.println("the page said after " + ms + " ms that training was killed");
            assertThat(ms).isLessThan(PATIENCE_MS);
            cluster.sendExamples(config, cluster.serdes(), 640, 704);
            Cluster.await("what waits", () -> watch.line(null).startsWith("training does not run: 64 records wait"));
        }
    }

    @Test
    void shouldReadPartitionsThatAreAddedAndMarkThoseOfTheExamples(Cluster cluster) throws Exception {
        MillraceConfig config = MillraceConfig.of(cluster.settings("watch-partitions"));
        new ClusterCheck(config).prepare(cluster.serdes());
        try (Watch watch = new Watch(config, cluster.serdes(), null);
                WatchedTopics topics = new WatchedTopics(config, cluster.serdes());
                Admin admin = Admin.create(config.client())) {
            topics.report(Reports.of(64));
            Cluster.await("the first report", () -> watch.line(null).contains(", 64 examples learned"));
            Cluster.await("the partitions", () -> watch.line(null).contains("lag 0"));
            admin.createPartitions(Map.of(
                            config.topics().validationLosses(), NewPartitions.increaseTo(2),
                            config.topics().examples(), NewPartitions.increaseTo(3)))
                    .all()
                    .get();
            topics.report(Reports.of(128), 1);
            Cluster.await(
                    "a report of another partition", () -> watch.line(null).contains(", 128 examples learned"));
            Cluster.await(
                    "a mark",
                    () -> watch.line(null).contains(config.topics().examples() + " has 3 partitions, before 1"));
        }
    }
}
