package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No byte can be written any more, to the state directory and to the directory for temporary files, or to the broker's. */
@Tag("cluster")
@Tag("crash")
class FullDiskTest {
    @TempDir
    Path directory;

    @Test
    void shouldLearnServeAndRestartWhenTheDiskOfTheStateDirectoryIsFull() throws Exception {
        try (Cluster cluster = Cluster.start(directory);
                SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "1m")) {
            Map<String, String> settings = cluster.settings(
                    "full", "state.dir", disk.path().resolve("state").toString(), "snapshot.history", "10000");
            MillraceConfig config = MillraceConfig.of(settings);
            try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(serdes);
                try (ChildApplication child = run(disk, settings)) {
                    learn(cluster, config, serdes, 0, 1000);
                    assertThat(disk.content())
                            .as("written while it ran, with room")
                            .isEmpty();
                    disk.fill();
                    learn(cluster, config, serdes, 1000, 2000);
                    assertThat(child.isAlive()).isTrue();
                    child.kill();
                }
                Recovery recovery = new Recovery();
                recovery.killed();
                try (ChildApplication child = run(disk, settings)) {
                    learn(cluster, config, serdes, 2000, 3000);
                    recovery.recovered();
                    child.awaitOutput("version 1984"); // restored, 16 examples waiting
                    assertThat(child.terminate()).isEqualTo(143); // as by SIGTERM, in order
                    assertThat(child.output()).doesNotContain("No space left");
                }
                assertThat(disk.content()).isEmpty();
                UninterruptedRun.assertSame(cluster, config, serdes, 3000, 1);
                System.out.println("killed and started again on a full disk: " + recovery);
            }
        }
    }

    /** Outside of what Millrace can heal: the broker stops. */
    @Test
    void shouldGoOnWhenTheBrokerWhoseDiskWasFullIsStartedAgainWithRoom() throws Exception {
        try (Cluster cluster = Cluster.start(directory);
                SmallDisk disk = SmallDisk.mount(directory.resolve("disk"), "96m");
                ChildBroker broker = ChildBroker.start(disk.path().resolve("broker"))) {
            Map<String, String> settings = cluster.settings("brokers-disk", "snapshot.history", "10000");
            settings.put("bootstrap.servers", broker.bootstrapServers());
            MillraceConfig config = MillraceConfig.of(settings);
            try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(serdes);
                try (ChildApplication child = ChildApplication.run(directory, settings, "run", "--role", "train")) {
                    learn(cluster, config, serdes, 0, 1000);
                    cluster.sendExamples(config, serdes, 1000, 5000);
                    disk.fill();
                    Cluster.await("the broker to stop", () -> !broker.isAlive());
                    disk.makeRoom();
                    broker.start();
                    Recovery recovery = new Recovery();
                    recovery.killed();
                    cluster.awaitCommitted(config, 5000);
                    recovery.recovered();
                    learn(cluster, config, serdes, 5000, 6000);
                    assertThat(child.isAlive()).isTrue();
                    UninterruptedRun.assertSame(cluster, config, serdes, 6000, 1);
                    System.out.println("the broker's disk was full: " + recovery);
                }
            }
        }
    }

    private ChildApplication run(SmallDisk disk, Map<String, String> settings) throws Exception {
        return ChildApplication.run(
                directory, settings, Map.of(), List.of("-Djava.io.tmpdir=" + disk.path()), "run", "--role", "all");
    }

    private static void learn(Cluster cluster, MillraceConfig config, AvroSerdes serdes, int from, int to) {
        cluster.sendExamples(config, serdes, from, to);
        cluster.awaitCommitted(config, to);
    }
}
