package io.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.entities.SchemaReference;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRegistryTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AvroSchema V1 = record("{\"name\":\"a\",\"type\":\"int\"}");
    private static final AvroSchema V2 =
            record("{\"name\":\"a\",\"type\":\"int\"},{\"name\":\"b\",\"type\":\"int\",\"default\":0}");
    private static final AvroSchema INCOMPATIBLE = record("{\"name\":\"c\",\"type\":\"int\"}");

    @TempDir
    private Path directory;

    private LocalRegistry registry;
    private SchemaRegistryClient client;

    @BeforeEach
    void start() {
        registry = LocalRegistry.start(0, null);
        client = registry.client();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private static AvroSchema record(String fields) {
        return new AvroSchema("{\"type\":\"record\",\"name\":\"R\",\"namespace\":\"t\",\"fields\":[" + fields + "]}");
    }

    @Test
    void shouldServeConfluentsClient() throws Exception {
        int first = client.register("s-value", V1);
        int second = client.register("s-value", V2);

        assertThat(first).isEqualTo(1);
        assertThat(second).isEqualTo(2);
        assertThat(client.getAllSubjects()).containsExactly("s-value");
        assertThat(client.getAllVersions("s-value")).containsExactly(1, 2);
        assertThat(client.getLatestSchemaMetadata("s-value").getId()).isEqualTo(second);
        assertThat(client.getSchemaMetadata("s-value", 1).getSchema()).isEqualTo(V1.canonicalString());
        assertThat(client.getVersion("s-value", V2)).isEqualTo(2);
        assertThat(client.getAllVersionsById(second)).hasSize(1);
        assertThat(client.getAllSubjectsById(second)).containsExactly("s-value");
        assertThat(client.getMode()).isEqualTo("READWRITE");
        client.reset(); // what follows comes over HTTP and not from the client's cache
        assertThat(client.getSchemaById(first)).isEqualTo(V1);
        assertThat(client.getId("s-value", V2)).isEqualTo(second);
    }

    @Test
    void shouldAnswerInUtf8() throws Exception {
        AvroSchema cities = record("{\"name\":\"city\",\"type\":\"string\",\"doc\":\"Zürich, Αθήνα\"}");
        int id = client.register("cities", cities);
        client.reset();
        assertThat(client.getSchemaById(id).canonicalString()).isEqualTo(cities.canonicalString());
    }

    @Test
    void shouldGiveEqualSchemasOneIdInAllSubjects() throws Exception {
        assertThat(client.register("a", V1)).isEqualTo(client.register("b", V1));
        assertThat(client.register("b", V2)).isEqualTo(2);
        client.reset();
        assertThat(client.register("a", V1)).as("registered again").isEqualTo(1);
        assertThat(client.getAllVersions("a")).containsExactly(1);
    }

    @Test
    void shouldRefuseWhatIsNotBackwardCompatible() throws Exception {
        client.register("s", V1);

        assertThat(client.testCompatibility("s", V2)).isTrue();
        assertThat(client.testCompatibility("s", INCOMPATIBLE)).isFalse();
        assertThat(client.testCompatibilityVerbose("s", INCOMPATIBLE)).isNotEmpty();
        assertThatThrownBy(() -> client.register("s", INCOMPATIBLE))
                .isInstanceOfSatisfying(RestClientException.class, e -> {
                    assertThat(e.getStatus()).isEqualTo(409);
                    assertThat(e).hasMessageContaining("incompatible with an earlier schema for subject \"s\"");
                });
        assertThat(client.getCompatibility(null)).isEqualTo("BACKWARD");
        client.updateCompatibility("s", "NONE");
        assertThat(client.getCompatibility("s")).isEqualTo("NONE");
        assertThat(client.register("s", INCOMPATIBLE)).isEqualTo(2);
    }

    @Test
    void shouldAnswerInConfluentsShapes() throws Exception {
        client.register("s/with slash", V1);
        String schema = JSON.writeValueAsString(V1.canonicalString());

        assertThat(get("/")).hasToString("{}");
        assertThat(get("/schemas/types")).hasToString("[\"AVRO\"]");
        assertThat(get("/subjects")).hasToString("[\"s/with slash\"]");
        assertThat(get("/schemas/ids/1")).hasToString("{\"schema\":" + schema + "}");
        assertThat(get("/subjects/s%2Fwith%20slash/versions/latest"))
                .hasToString("{\"subject\":\"s/with slash\",\"version\":1,\"id\":1,\"schema\":" + schema + "}");
        assertThat(get("/schemas/ids/1/versions")).hasToString("[{\"subject\":\"s/with slash\",\"version\":1}]");
        assertThat(get("/config")).hasToString("{\"compatibilityLevel\":\"BACKWARD\"}");
        assertThat(send("PUT", "/config", "{\"compatibility\":\"FULL\"}").body())
                .isEqualTo("{\"compatibility\":\"FULL\"}");
        assertThat(send("GET", "/subjects", null).headers().firstValue("Content-Type"))
                .hasValue("application/vnd.schemaregistry.v1+json");
    }

    @Test
    void shouldAnswerErrorsWithConfluentsCodes() throws Exception {
        client.register("s", V1);
        String unregistered = "{\"schema\":" + JSON.writeValueAsString(V2.canonicalString()) + "}";

        assertError("GET", "/schemas/ids/42", null, 404, 40403);
        assertError("GET", "/schemas/ids/x", null, 404, 40403);
        assertError("GET", "/subjects/none/versions", null, 404, 40401);
        assertError("GET", "/subjects/s/versions/9", null, 404, 40402);
        assertError("GET", "/subjects/s/versions/x", null, 422, 42202);
        assertError("POST", "/subjects/none", unregistered, 404, 40401);
        assertError("POST", "/subjects/s", unregistered, 404, 40403);
        assertError("POST", "/subjects/s/versions", "{\"schema\":\"{}\"}", 422, 42201);
        assertError("POST", "/subjects/s/versions", "{}", 422, 42201);
        assertError("POST", "/subjects/s/versions", "{\"schemaType\":\"PROTOBUF\",\"schema\":\"x\"}", 422, 42201);
        assertError("POST", "/subjects/s/versions", "no json", 400, 400);
        assertError("GET", "/config/s", null, 404, 40408);
        assertError("PUT", "/config", "{\"compatibility\":\"x\"}", 422, 42203);
        assertError("GET", "/nowhere", null, 404, 404);
        assertError("DELETE", "/subjects/s", null, 404, 404);
        assertThat(get("/subjects")).as("a failed look-up makes no subject").hasToString("[\"s\"]");
    }

    @Test
    void shouldResolveReferencesToOtherSchemas() throws Exception {
        client.register("inner", V1);
        List<SchemaReference> references = List.of(new SchemaReference("t.R", "inner", 1));
        String text = "{\"type\":\"record\",\"name\":\"O\",\"fields\":[{\"name\":\"r\",\"type\":\"t.R\"}]}";
        AvroSchema outer = new AvroSchema(text, references, Map.of("t.R", V1.canonicalString()), null);

        int id = client.register("outer", outer);

        client.reset();
        assertThat(((AvroSchema) client.getSchemaById(id)).rawSchema()).isEqualTo(outer.rawSchema());
        assertError(
                "POST",
                "/subjects/o2/versions",
                "{\"schema\":\"\\\"t.R\\\"\",\"references\":[{\"name\":\"t.R\",\"subject\":\"none\",\"version\":1}]}",
                422,
                42201);
    }

    @Test
    void shouldKeepIdsAndVersionsInItsFile() throws Exception {
        Path file = directory.resolve("sub/schemas.json");
        try (LocalRegistry before = LocalRegistry.start(0, file)) {
            before.client().register("a", V1);
            before.client().register("b", INCOMPATIBLE);
            before.client().register("a", V2);
            before.client().updateCompatibility("a", "NONE");
        }
        try (LocalRegistry after = LocalRegistry.start(0, file)) {
            assertThat(after.client().getSchemaById(2)).isEqualTo(INCOMPATIBLE);
            assertThat(after.client().getLatestSchemaMetadata("a").getId()).isEqualTo(3);
            assertThat(after.client().getAllVersions("a")).containsExactly(1, 2);
            assertThat(after.client().getCompatibility("a")).isEqualTo("NONE");
            assertThat(after.client().register("a", INCOMPATIBLE)).isEqualTo(2);
            assertThat(after.client().register("c", record("{\"name\":\"n\",\"type\":\"long\"}")))
                    .isEqualTo(4);
        }
        assertThat(directory.resolve("sub"))
                .isDirectoryNotContaining(path -> path.toString().endsWith(".next"));
    }

    @Test
    void shouldSayThatItsFileIsDamaged() throws Exception {
        Path file = Files.writeString(directory.resolve("schemas.json"), "{\"versions\":[{");
        assertThatThrownBy(() -> LocalRegistry.start(0, file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("Restore or delete it");
    }

    @Test
    void shouldSayThatItsPortIsTaken() {
        int port = URI.create(registry.url()).getPort();
        assertThatThrownBy(() -> LocalRegistry.start(port, null))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("port " + port);
    }

    @Test
    void shouldCloseTwice() {
        registry.close();
        registry.close();
    }

    private void assertError(String method, String path, String body, int status, int code) throws Exception {
        HttpResponse<String> response = send(method, path, body);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = JSON.readTree(response.body());
        assertThat(error.path("error_code").asInt()).as(response.body()).isEqualTo(code);
        assertThat(error.path("message").asText()).isNotEmpty();
    }

    private JsonNode get(String path) throws Exception {
        return JSON.readTree(send("GET", path, null).body());
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(registry.url() + path))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
