package io.millrace.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.millrace.local.SchemaFile.Reference;
import io.millrace.local.SchemaFile.Version;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths, JSON shapes and error codes of Confluent's Schema Registry API v1 (docs.confluent.io, "Schema Registry API
 * Reference"), for Avro. Subjects cannot be deleted and the mode is always READWRITE.
 */
final class RegistryRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryRoutes.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

    private final SchemaStore store;

    RegistryRoutes(SchemaStore store) {
        this.store = store;
    }

    void addTo(RoutesConfig routes) {
        routes.get("/", http -> answer(http, JSON.createObjectNode()));

        routes.get("/schemas/types", http -> answer(http, JSON.createArrayNode().add("AVRO")));
        routes.get(
                "/schemas/ids/{id}", http -> answer(http, schemaOnly(byId(http).get(0))));
        routes.get(
                "/schemas/ids/{id}/schema",
                http -> answer(http, tree(byId(http).get(0).schema())));
        routes.get(
                "/schemas/ids/{id}/subjects",
                http -> answer(
                        http,
                        strings(byId(http).stream()
                                .map(Version::subject)
                                .distinct()
                                .toList())));
        routes.get("/schemas/ids/{id}/versions", this::versionsOfId);

        routes.get("/subjects", this::subjects);
        routes.post("/subjects/{subject}", http -> answer(http, full(store.lookUp(subject(http), schema(http)))));
        routes.get(
                "/subjects/{subject}/versions", http -> answer(http, JSON.valueToTree(store.versions(subject(http)))));
        routes.post("/subjects/{subject}/versions", this::register);
        routes.get("/subjects/{subject}/versions/{version}", http -> answer(http, full(version(http))));
        routes.get(
                "/subjects/{subject}/versions/{version}/schema",
                http -> answer(http, tree(version(http).schema())));

        routes.post("/compatibility/subjects/{subject}/versions", http -> compatibility(http, null));
        routes.post(
                "/compatibility/subjects/{subject}/versions/{version}",
                http -> compatibility(http, http.pathParam("version")));
        routes.get("/config", http -> answer(http, object("compatibilityLevel", store.globalLevel())));
        routes.put("/config", http -> setLevel(http, null));
        routes.get("/config/{subject}", this::level);
        routes.put("/config/{subject}", http -> setLevel(http, subject(http)));
        routes.get("/mode", http -> answer(http, object("mode", "READWRITE")));
        routes.get("/mode/{subject}", this::mode);

        routes.exception(RegistryException.class, (e, http) -> fail(http, e.status(), e.code(), e.getMessage()));
        routes.exception(
                HttpResponseException.class,
                (e, http) -> fail(http, e.getStatus(), e.getStatus(), "HTTP " + e.getMessage()));
        routes.exception(Exception.class, (e, http) -> {
            LOG.error("The local registry failed at {} {}", http.method(), http.path(), e);
            fail(http, 500, 50001, "Error in the local registry: " + e);
        });
    }

    private void register(Context http) {
        JsonNode body = body(http);
        int id = store.register(subject(http), schema(http, body), references(body));
        answer(http, JSON.createObjectNode().put("id", id));
    }

    private void subjects(Context http) {
        String prefix = http.queryParam("subjectPrefix");
        answer(
                http,
                strings(store.subjects().stream()
                        .filter(subject -> prefix == null || subject.startsWith(prefix))
                        .toList()));
    }

    private void versionsOfId(Context http) {
        ArrayNode out = JSON.createArrayNode();
        for (Version version : byId(http)) {
            out.addObject().put("subject", version.subject()).put("version", version.version());
        }
        answer(http, out);
    }

    private void compatibility(Context http, String version) {
        List<String> conflicts = store.conflicts(subject(http), schema(http), version);
        ObjectNode out = JSON.createObjectNode().put("is_compatible", conflicts.isEmpty());
        if (flag(http, "verbose")) {
            out.set("messages", strings(conflicts));
        }
        answer(http, out);
    }

    private void level(Context http) {
        String level = store.level(subject(http));
        if (level == null && !flag(http, "defaultToGlobal")) {
            throw new RegistryException(
                    404, 40408, "Subject '" + subject(http) + "' does not have subject-level compatibility configured");
        }
        answer(http, object("compatibilityLevel", level == null ? store.globalLevel() : level));
    }

    private void setLevel(Context http, String subjectOrNull) {
        String level = body(http).path("compatibility").asText();
        store.setLevel(subjectOrNull, level);
        answer(http, object("compatibility", level));
    }

    private void mode(Context http) {
        if (!flag(http, "defaultToGlobal")) {
            throw new RegistryException(
                    404, 40409, "Subject '" + subject(http) + "' does not have subject-level mode configured");
        }
        answer(http, object("mode", "READWRITE"));
    }

    private List<Version> byId(Context http) {
        return store.byId(http.pathParam("id"));
    }

    private Version version(Context http) {
        return store.version(subject(http), http.pathParam("version"));
    }

    private static String subject(Context http) {
        return http.pathParam("subject");
    }

    private static boolean flag(Context http, String name) {
        return Boolean.parseBoolean(http.queryParam(name));
    }

    private AvroSchema schema(Context http) {
        return schema(http, body(http));
    }

    private AvroSchema schema(Context http, JsonNode body) {
        String type = body.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO") && !type.equals("null")) {
            throw RegistryException.invalidSchema("the local registry knows type AVRO only, not " + type);
        }
        if (!body.path("schema").isTextual()) {
            throw RegistryException.invalidSchema("the request has no \"schema\", or it is not a string");
        }
        AvroSchema schema = store.parse(body.path("schema").textValue(), references(body));
        return flag(http, "normalize") ? schema.normalize() : schema;
    }

    private static List<Reference> references(JsonNode body) {
        List<Reference> references = new ArrayList<>();
        for (JsonNode node : body.path("references")) {
            references.add(new Reference(
                    node.path("name").asText(),
                    node.path("subject").asText(),
                    node.path("version").asInt()));
        }
        return references;
    }

    private static JsonNode body(Context http) {
        try {
            return JSON.readTree(http.bodyAsBytes());
        } catch (JsonProcessingException e) {
            throw new RegistryException(400, 400, "The request is not JSON: " + e.getOriginalMessage());
        } catch (java.io.IOException e) {
            throw new RegistryException(400, 400, "The request could not be read: " + e.getMessage());
        }
    }

    private static ObjectNode schemaOnly(Version version) {
        ObjectNode out = object("schema", version.schema());
        if (!version.references().isEmpty()) {
            out.set("references", JSON.valueToTree(version.references()));
        }
        return out;
    }

    private static ObjectNode full(Version version) {
        ObjectNode out = object("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id());
        out.setAll(schemaOnly(version));
        return out;
    }

    private static ObjectNode object(String name, String value) {
        return JSON.createObjectNode().put(name, value);
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode out = JSON.createArrayNode();
        values.forEach(out::add);
        return out;
    }

    private static JsonNode tree(String schema) {
        try {
            return JSON.readTree(schema);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored schema is not JSON: " + schema, e);
        }
    }

    private static void fail(Context http, int status, int code, String message) {
        http.status(status);
        answer(http, JSON.createObjectNode().put("error_code", code).put("message", message));
    }

    private static void answer(Context http, JsonNode json) {
        // as bytes: Javalin would encode a text in the charset of the content type, which names none
        http.contentType(CONTENT_TYPE).result(json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
