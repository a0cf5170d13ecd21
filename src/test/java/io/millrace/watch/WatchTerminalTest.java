package io.millrace.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code watch --terminal} where there is no terminal. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class WatchTerminalTest {
    private static final long SIGINT = 1 << 1; // in the mask of signals

    @TempDir
    Path directory;

    /** Whether a child can be interrupted: a shell starts what runs in its background with Ctrl-C ignored, and children inherit that. */
    private static boolean interruptible() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return true;
        }
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow()
                .substring("SigIgn:".length())
                .strip();
        return (Long.parseUnsignedLong(ignored, 16) & SIGINT) == 0;
    }

    @Test
    void shouldPrintPlainLinesUntilItIsInterrupted(Cluster cluster) throws Exception {
        assumeThat(interruptible()).as("Ctrl-C is not ignored here").isTrue();
        Map<String, String> settings = cluster.settings("watch-terminal");
        MillraceConfig config = MillraceConfig.of(settings);
        new ClusterCheck(config).prepare(cluster.serdes());
        try (WatchedTopics topics = new WatchedTopics(config, cluster.serdes())) {
            for (int i = 1; i <= 40; i++) {
                topics.report(Reports.of(64 * i).setRefusedExamples(i == 20 ? 32 : 0));
            }
            try (ChildApplication child = ChildApplication.run(directory, settings, "watch", "--terminal")) {
                child.awaitOutput("2,560 examples learned, loss "
                        + TextNumbers.digits(Reports.report(2560).getFadedLoss()));
                child.awaitOutput("training does not run, 2,560");
                assertThat(child.interrupt()).as(child.output()).isZero();
                assertThat(child.output()).doesNotContain("\u001b", "Exception");
                List<String> lines = child.output().lines().toList();
                assertThat(lines).doesNotHaveDuplicates().allMatch(line -> line.contains(" examples learned, "));
                assertThat(lines.get(lines.size() - 1)).contains("at 1,280 examples: guard refused 32 examples");
            }
        }
    }
}
