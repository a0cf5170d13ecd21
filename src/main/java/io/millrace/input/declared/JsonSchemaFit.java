package io.millrace.input.declared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.feature.Declaration;
import io.millrace.feature.Field;
import io.millrace.feature.Path;
import io.millrace.feature.Path.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Compares a declaration with a JSON Schema: finds declared fields that it does not name. Where the schema allows further properties, which
 * is its default, records may have them nevertheless. Types are not compared, because a JSON record says itself what it holds.
 */
public final class JsonSchemaFit {
    private static final int MOST_NAMES = 20;
    private static final int MOST_REFERENCES = 50;
    private static final List<String> BRANCHES = List.of("oneOf", "anyOf", "allOf");

    /** What a schema says of a path. The later one counts where several branches of a schema say something. */
    private enum Said {
        /** No record has it. */
        EXCLUDED,
        /** It is not named, but allowed. */
        NOT_NAMED,
        /** The schema says it with words that are not read here. */
        UNKNOWN,
        NAMED
    }

    private final JsonNode root;
    private final String holder;
    private final List<String> problems = new ArrayList<>();
    private final List<String> absent = new ArrayList<>();
    private final Set<String> names = new TreeSet<>(); // beside the step that is not there
    private int references;

    private JsonSchemaFit(JsonNode root, String holder) {
        this.root = root;
        this.holder = holder;
    }

    /**
     * Checks the names of all declared fields.
     *
     * @param schema text of the schema; if it is no JSON, nothing is found
     * @param labelled whether the records are examples; requests need no label and no weight
     */
    public static SchemaFindings check(String topic, int id, String schema, Declaration declaration, boolean labelled) {
        JsonNode root;
        try {
            root = new ObjectMapper().readTree(schema);
        } catch (JsonProcessingException e) {
            return new SchemaFindings(id, List.of(), List.of());
        }
        JsonSchemaFit fit = new JsonSchemaFit(root, topic + " (schema " + id + ")");
        fields(declaration, labelled).distinct().forEach(fit::check);
        return new SchemaFindings(id, fit.problems, fit.absent);
    }

    private static Stream<Field> fields(Declaration declaration, boolean labelled) {
        Stream<Field> features = declaration.features().features().stream().map(feature -> feature.field());
        Stream<Field> ofExamples = labelled
                ? Stream.concat(declaration.labels().stream(), Stream.ofNullable(declaration.weight()))
                : Stream.empty();
        boolean timed = labelled || declaration.features().readsEventTime();
        Stream<Field> time = declaration.eventTime() != null && timed
                ? Stream.of(declaration.eventTime().field())
                : Stream.empty();
        return Stream.of(features, ofExamples, time).flatMap(each -> each);
    }

    private void check(Field field) {
        names.clear();
        Said said = Said.EXCLUDED;
        for (Path path : field.paths()) {
            if (path.source() != Path.Source.VALUE) {
                return; // any record has it or not, whatever its schema
            }
            references = 0;
            said = later(said, find(root, path.steps(), 0));
        }
        if (said == Said.EXCLUDED || said == Said.NOT_NAMED) {
            boolean refused = said == Said.EXCLUDED && !field.optional();
            (refused ? problems : absent)
                    .add("\"" + field.name() + "\" is not in " + holder
                            + (names.isEmpty() ? "" : ", which has " + named())
                            + (said == Said.NOT_NAMED ? "; it allows further properties." : "."));
        }
    }

    private String named() {
        List<String> first = names.stream().limit(MOST_NAMES).toList();
        return String.join(", ", first) + (names.size() > MOST_NAMES ? " and others" : "");
    }

    private static Said later(Said one, Said other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    private Said find(JsonNode schema, List<Step> steps, int at) {
        if (at == steps.size()) {
            return Said.NAMED;
        }
        if (schema.has("$ref")) {
            return refer(schema.get("$ref").asText(), steps, at);
        }
        Said said = null; // nothing yet
        for (String branches : BRANCHES) {
            for (JsonNode branch : schema.path(branches)) {
                said = said == null ? find(branch, steps, at) : later(said, find(branch, steps, at));
            }
        }
        if (schema.path("items").isObject()) {
            said = later(said == null ? Said.EXCLUDED : said, find(schema.get("items"), steps, at));
        }
        if (schema.path("properties").isObject()) {
            said = later(said == null ? Said.EXCLUDED : said, ofProperties(schema, steps, at));
        }
        if (said != null) {
            return said;
        }
        boolean isValue = Set.of("null", "string", "number", "integer", "boolean")
                .contains(schema.path("type").asText());
        return isValue ? Said.EXCLUDED : Said.UNKNOWN;
    }

    private Said ofProperties(JsonNode schema, List<Step> steps, int at) {
        JsonNode property = schema.get("properties").get(steps.get(at).name());
        if (property != null) {
            return find(property, steps, at + 1);
        }
        JsonNode others = schema.path("additionalProperties");
        if (others.isObject() || schema.has("patternProperties")) {
            return Said.UNKNOWN;
        }
        schema.get("properties").fieldNames().forEachRemaining(names::add);
        return others.isBoolean() && !others.asBoolean() ? Said.EXCLUDED : Said.NOT_NAMED;
    }

    /** References in circles end as unknown. */
    private Said refer(String reference, List<Step> steps, int at) {
        if (!reference.startsWith("#/") || ++references > MOST_REFERENCES) {
            return Said.UNKNOWN;
        }
        JsonNode target = root.at(reference.substring(1));
        return target.isMissingNode() ? Said.UNKNOWN : find(target, steps, at);
    }
}
