package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The JavaScript of docs/clients.md, as it stands there. Skipped where there is no node, or npm cannot get the packages. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class JavaScriptClientTest {
    private static final String[] PACKAGES = {"kafkajs@2.2.4", "@kafkajs/confluent-schema-registry@3.9.0"};

    @TempDir
    Path directory;

    private Process start(Path output, String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private boolean runs(String... command) throws InterruptedException {
        try {
            Process process = start(directory.resolve("tried.log"), command);
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            return ended && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /** The blocks of the page, with the addresses and topics of a cluster in place of those that it names. */
    private List<Path> scripts(Cluster cluster, String prefix) throws IOException {
        Matcher blocks = Pattern.compile("```javascript\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs/clients.md")));
        List<Path> scripts = new ArrayList<>();
        while (blocks.find()) {
            Path script = directory.resolve("script" + scripts.size() + ".js");
            scripts.add(Files.writeString(
                    script,
                    blocks.group(1)
                            .replace("localhost:9092", cluster.broker().bootstrapServers())
                            .replace("http://localhost:8081", cluster.registry().url())
                            .replace("'millrace.", "'" + prefix)));
        }
        return scripts;
    }

    @Test
    void shouldWriteExamplesAndReadAnswersAsTheDocumentationSays(Cluster cluster) throws Exception {
        assumeTrue(runs("node", "--version"), "node is not there");
        List<String> install =
                new ArrayList<>(List.of("npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--prefix"));
        install.add(directory.toString());
        install.addAll(List.of(PACKAGES));
        assumeTrue(runs(install.toArray(String[]::new)), "npm does not get the packages");

        MillraceConfig config = MillraceConfig.of(
                cluster.settings("js", "model.inputs", "3", "model.classes", "0,1", "batch.size", "1"));
        List<Path> scripts = scripts(cluster, "js.");
        assertThat(scripts).hasSize(2);
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            try (KafkaStreams training = MillraceStreams.training(config, serdes);
                    KafkaStreams serving = MillraceStreams.serving(config, serdes)) {
                training.start();
                Path written = directory.resolve("written.log");
                Process writer = start(written, "node", scripts.get(0).toString());
                assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(writer.exitValue()).as(Files.readString(written)).isZero();
                cluster.awaitCommitted(config, 1);
                assertThat(cluster.newest(config, serdes).get(0).version()).isEqualTo(1);

                serving.start();
                Cluster.await("serving", () -> serving.state() == KafkaStreams.State.RUNNING);
                Path read = directory.resolve("read.log");
                Process reader = start(read, "node", scripts.get(1).toString());
                try {
                    Cluster.await("an answer", () -> lines(read).stream().anyMatch(line -> line.contains("mine OK")));
                } finally {
                    reader.destroyForcibly();
                }
            }
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
