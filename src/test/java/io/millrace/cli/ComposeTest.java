package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The container file starts commands that Millrace understands, with the configuration that the repository holds. */
class ComposeTest {
    @ParameterizedTest
    @ValueSource(strings = {"train", "serve"})
    void shouldGiveAServiceAConfigurationThatIsAccepted(String role) throws IOException {
        JsonNode service = new YAMLMapper()
                .readTree(Path.of("docker-compose.yml").toFile())
                .path("services")
                .path(role);
        List<String> command = new ArrayList<>();
        service.path("command").forEach(argument -> command.add(argument.asText()));
        assertThat(command).startsWith("run", "--role=" + role);

        List<String> describe = new ArrayList<>(List.of("describe"));
        command.stream()
                .filter(argument -> argument.matches("--(config|set)=.*"))
                .forEach(describe::add);
        assertThat(describe).hasSize(4);
        Invocation described = Invocation.of(describe.toArray(String[]::new));
        assertThat(described.exitCode()).as(described.err()).isZero();
        assertThat(Millrace.commandLine()
                        .parseArgs(command.toArray(String[]::new))
                        .hasSubcommand())
                .isTrue();
    }
}
