package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;

/** Pins what the topologies are: node, store and topic names are a contract with running state. */
class TopologyDescriptionTest {
    private static final Path DIRECTORY = Path.of("topology");

    private final MillraceConfig config =
            MillraceConfig.load(DIRECTORY.resolve("millrace.properties"), Map.of("schema.registry.url", "mock://pin"));
    private final AvroSerdes serdes = new AvroSerdes(config.registry());

    @Test
    void trainingShouldBeWhatItsDescriptionSays() throws IOException {
        pin("training.txt", TrainingTopology.build(config, serdes));
    }

    @Test
    void servingShouldBeWhatItsDescriptionSays() throws IOException {
        pin("serving.txt", ServingTopology.build(config, serdes));
    }

    private static void pin(String file, Topology topology) throws IOException {
        String actual = topology.describe().toString();
        Path pinned = DIRECTORY.resolve(file);
        if (Boolean.getBoolean("topology.update")) {
            Files.writeString(pinned, actual);
        }
        assertThat(pinned)
                .as("A changed topology needs new state or a migration. If it is meant, run ./mvnw test"
                        + " -Dtest=TopologyDescriptionTest -Dtopology.update=true")
                .hasContent(actual);
    }
}
