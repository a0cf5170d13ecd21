package io.millrace.cli.topic;

import io.millrace.feature.Path;
import io.millrace.feature.Path.Step;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** What a schema says about the value at a path. */
final class SchemaPaths {
    private SchemaPaths() {}

    /** Whether the value may be null, or a record around it. False without a schema. */
    static boolean isNullable(Schema schema, Path path) {
        return schema != null && schemas(schema, path).stream().anyMatch(found -> found.getType() == Schema.Type.NULL);
    }

    /** The symbols if the value is one of an enum; empty otherwise. */
    static List<String> symbols(Schema schema, Path path) {
        return schema == null
                ? List.of()
                : schemas(schema, path).stream()
                        .filter(found -> found.getType() == Schema.Type.ENUM)
                        .flatMap(found -> found.getEnumSymbols().stream())
                        .toList();
    }

    /** All schemas that the value may have, and null if a value around it may be null. */
    private static List<Schema> schemas(Schema schema, Path path) {
        List<Schema> at = branches(schema);
        List<Schema> found = new ArrayList<>();
        for (Step step : path.steps()) {
            List<Schema> inner = new ArrayList<>();
            for (Schema holder : at) {
                switch (holder.getType()) {
                    case NULL -> found.add(holder);
                    case MAP -> inner.addAll(branches(holder.getValueType()));
                    case RECORD -> {
                        Schema.Field field = holder.getField(step.name());
                        if (field != null) {
                            inner.addAll(branches(field.schema()));
                        }
                    }
                    default -> {}
                }
            }
            at = inner;
        }
        found.addAll(at);
        return found;
    }

    /** The branches of a union, the items of an array, or the schema itself. */
    private static List<Schema> branches(Schema schema) {
        return switch (schema.getType()) {
            case UNION ->
                schema.getTypes().stream()
                        .flatMap(branch -> branches(branch).stream())
                        .toList();
            case ARRAY -> branches(schema.getElementType());
            default -> List.of(schema);
        };
    }
}
