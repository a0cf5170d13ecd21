package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example for Kubernetes starts commands that Millrace understands, and its parts fit together. */
class KubernetesTest {
    private static List<JsonNode> objects(String kind) throws IOException {
        try (var all = new YAMLMapper()
                .readerFor(JsonNode.class)
                .<JsonNode>readValues(Path.of("docs/kubernetes.yaml").toFile())) {
            return all.readAll().stream()
                    .filter(object -> object.path("kind").asText().equals(kind))
                    .toList();
        }
    }

    private static String configuration() throws IOException {
        return objects("ConfigMap").get(0).at("/data/millrace.properties").asText();
    }

    private static JsonNode deployment(String role) throws IOException {
        return objects("Deployment").stream()
                .filter(each -> each.at("/metadata/name").asText().equals("millrace-" + role))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldHoldAConfigurationThatIsAccepted(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("millrace.properties");
        Files.writeString(file, configuration());
        Invocation described = Invocation.of("describe", "--config", file.toString());
        assertThat(described.exitCode()).as(described.err()).isZero();
        assertThat(described.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "serve"})
    void shouldStartTheRoleWithTheMountedConfiguration(String role) throws IOException {
        JsonNode pod = deployment(role).at("/spec/template/spec");
        JsonNode container = pod.path("containers").get(0);
        List<String> command = texts(container.path("args"));
        String folder = container.at("/volumeMounts/0/mountPath").asText();
        assertThat(command).containsExactly("run", "--role=" + role, "--config=" + folder + "/millrace.properties");
        assertThat(Millrace.commandLine()
                        .parseArgs(command.toArray(String[]::new))
                        .hasSubcommand())
                .isTrue();
        assertThat(container.at("/volumeMounts/0/name")).isEqualTo(pod.at("/volumes/0/name"));
        assertThat(pod.at("/volumes/0/configMap/name"))
                .isEqualTo(objects("ConfigMap").get(0).at("/metadata/name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "serve"})
    void shouldProbeThePortOfTheConfiguration(String role) throws IOException {
        Properties configured = new Properties();
        configured.load(new StringReader(configuration()));
        JsonNode container = deployment(role).at("/spec/template/spec/containers/0");
        JsonNode port = container.at("/ports/0");
        assertThat(port.path("containerPort").asText()).isEqualTo(configured.getProperty("http.port"));
        assertThat(configured.getProperty("http.host")).isEqualTo("0.0.0.0");
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            JsonNode get = container.path(probe).path("httpGet");
            assertThat(get.path("port")).as(probe).isEqualTo(port.path("name"));
            assertThat(get.path("path").asText())
                    .as(probe)
                    .isEqualTo(probe.equals("readinessProbe") ? "/v2/health/ready" : "/v2/health/live");
        }
    }

    @Test
    void selectorsShouldFindTheirPods() throws IOException {
        for (String role : List.of("train", "serve")) {
            JsonNode deployment = deployment(role);
            assertThat(deployment.at("/spec/selector/matchLabels"))
                    .isEqualTo(deployment.at("/spec/template/metadata/labels"));
        }
        JsonNode service = objects("Service").get(0);
        JsonNode serving = deployment("serve").at("/spec/template");
        assertThat(service.at("/spec/selector")).isEqualTo(serving.at("/metadata/labels"));
        assertThat(service.at("/spec/ports/0/targetPort")).isEqualTo(serving.at("/spec/containers/0/ports/0/name"));
        assertThat(objects("PodDisruptionBudget"))
                .extracting(budget -> budget.at("/spec/selector/matchLabels"))
                .containsExactlyElementsOf(Stream.of(deployment("train"), deployment("serve"))
                        .map(each -> each.at("/spec/selector/matchLabels"))
                        .toList());
    }

    private static List<String> texts(JsonNode array) {
        return Stream.iterate(0, i -> i < array.size(), i -> i + 1)
                .map(i -> array.get(i).asText())
                .toList();
    }
}
