package io.millrace.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.feature.Declaration;
import io.millrace.feature.Feature;
import io.millrace.feature.Field;
import io.millrace.feature.Path;
import io.millrace.feature.value.Value;
import io.millrace.learner.Model;
import io.millrace.learner.input.BadInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The named inputs of a model: {@value #FEATURES} if it takes arrays of features, else the path of each declared field. */
final class ModelInputs {
    static final String FEATURES = "features";

    private final Map<String, Path> paths = new LinkedHashMap<>();
    private final ArrayNode metadata = JsonNodeFactory.instance.arrayNode();

    ModelInputs(Model model) {
        Declaration declaration = model.declaration();
        if (declaration == null) {
            paths.put(FEATURES, new Path(Path.Source.VALUE, List.of(new Path.Step(FEATURES, false))));
            describe(FEATURES, "FP32", model.takesShorterSequences() ? -1 : model.inputs());
            return;
        }
        declaration.features().features().forEach(this::add);
        if (declaration.features().readsEventTime()) {
            if (declaration.eventTime() != null) {
                addPaths(declaration.eventTime().field());
                describe(declaration.eventTime().field().name(), "BYTES");
            }
            Path timestamp = new Path(Path.Source.TIMESTAMP, List.of());
            paths.putIfAbsent(timestamp.toString(), timestamp);
        }
    }

    private void add(Feature feature) {
        addPaths(feature.field());
        describe(feature.field().name(), datatype(feature), feature.type().readsArrays() ? new int[] {-1} : new int[0])
                .putObject("parameters")
                .put("type", feature.type().toString())
                .put("optional", feature.field().optional());
    }

    private void addPaths(Field field) {
        field.paths().forEach(path -> paths.put(path.toString(), path));
    }

    /** What most clients would send: a number, or a text. Other forms that the type reads are taken, too. */
    private static String datatype(Feature feature) {
        return feature.type().reads(Value.Kind.BOOLEAN) ? "BYTES" : "FP64";
    }

    private ObjectNode describe(String name, String datatype, int... widths) {
        ObjectNode input = metadata.addObject().put("name", name).put("datatype", datatype);
        ArrayNode shape = input.putArray("shape").add(-1);
        for (int width : widths) {
            shape.add(width);
        }
        return input;
    }

    /** As the metadata of a model has them. */
    ArrayNode metadata() {
        return metadata;
    }

    /** Where rows have an input. */
    Path path(String name) {
        Path path = paths.get(name);
        if (path == null) {
            throw new BadInputException(
                    "the model has no input " + Json.shown(name) + "; it has " + String.join(", ", paths.keySet()));
        }
        return path;
    }
}
