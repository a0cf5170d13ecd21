package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cluster.ChildApplication;
import io.millrace.cluster.Cluster;
import io.millrace.cluster.SharedCluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records are compressed by what unpacks a library into the temporary directory, and there is none. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class NativeLibraryTest {
    @TempDir
    static Path directory;

    private static Cluster cluster;
    private static int children;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
        for (String codec : List.of("snappy", "zstd")) {
            MillraceConfig config = MillraceConfig.of(settings(codec));
            try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
                new ClusterCheck(config).prepare(serdes);
                cluster.sendExamples(config, serdes, 0, 100);
                try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
                    training.start();
                    cluster.awaitCommitted(config, 100);
                    MillraceStreams.stop(training, Duration.ofSeconds(20));
                }
                cluster.sendExamples(config, serdes, 100, 200);
            }
        }
    }

    private static Map<String, String> settings(String codec) {
        return cluster.settings(codec, "compression.type", codec);
    }

    @ParameterizedTest
    @CsvSource({"snappy, run --role train", "zstd, run --role serve", "snappy, verify"})
    void shouldNameTheTemporaryDirectory(String codec, String command) throws Exception {
        Path file = directory.resolve("file"); // not even root can write into it
        Files.write(file, new byte[1]);
        Map<String, String> settings = settings(codec);
        settings.put("state.dir", directory.resolve("child-" + children++).toString());
        try (ChildApplication child = ChildApplication.run(
                directory, settings, Map.of(), List.of("-Djava.io.tmpdir=" + file), command.split(" "))) {
            assertThat(child.exitCode()).isEqualTo(1);
            assertThat(child.output())
                    .contains("Records are compressed with " + codec)
                    .contains("the temporary directory " + file)
                    .contains("-Djava.io.tmpdir=DIR")
                    .doesNotContain("seek past");
        }
    }
}
