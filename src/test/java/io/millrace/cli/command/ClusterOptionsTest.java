package io.millrace.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.topology.cluster.ClusterNotReadyException;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ClusterOptionsTest {
    private static ClusterOptions given(String... arguments) {
        return CommandLine.populateCommand(new ClusterOptions(), arguments);
    }

    private static void assertFails(ClusterOptions options, String message) {
        assertThatThrownBy(() -> options.check(() -> {
                    throw new ClusterNotReadyException("Nobody answers.", null);
                }))
                .hasMessage(message);
    }

    @Test
    void shouldLookWhereKafkaAndItsRegistryUsuallyAre() {
        assertThat(given().settings())
                .containsEntry("bootstrap.servers", "localhost:9092")
                .containsEntry("schema.registry.url", "http://localhost:8081");
    }

    @Test
    void shouldSayWhichAddressWasMissing() {
        String end = "; demo --keep prints the addresses of a demo.";
        assertFails(
                given(),
                "Nobody answers. Not given: --config, --bootstrap-server, --schema-registry. Looked for the brokers at"
                        + " localhost:9092 and the schema registry at http://localhost:8081" + end);
        assertFails(
                given("--bootstrap-server", "localhost:40123"),
                "Nobody answers. Not given: --config, --schema-registry. Looked for the schema registry at"
                        + " http://localhost:8081" + end);
    }

    @Test
    void shouldAddNothingToAnAddressThatWasGiven() {
        assertFails(given("--bootstrap-server", "a:1", "--set", "schema.registry.url=http://a:2"), "Nobody answers.");
        assertFails(given("--config", "a.properties"), "Nobody answers.");
    }
}
