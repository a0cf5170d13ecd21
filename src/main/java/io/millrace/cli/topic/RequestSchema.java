package io.millrace.cli.topic;

import io.millrace.feature.Declaration;
import io.millrace.feature.Feature;
import io.millrace.feature.Field;
import io.millrace.feature.Path;
import io.millrace.input.Inputs;
import io.millrace.input.declared.SchemaFindings;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegisteredSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * The schema of requests: the latest one of their topic if it has all features, otherwise one that is made from the schema of the examples.
 * The latter has the fields that the features need, each of which may be null, so that serving says what is missing, and so that the
 * schema of another declaration is compatible with it.
 */
final class RequestSchema {
    private RequestSchema() {}

    /** @return empty if the registry knows neither of them */
    static Optional<Schema> of(AvroSerdes serdes, Declaration declaration, String requests, String examples) {
        Optional<Schema> latest = serdes.latestValueSchema(requests).map(RegisteredSchema::avro);
        SchemaFindings found = Inputs.check(declaration, serdes, requests, false);
        if (latest.isPresent() && found.isEmpty()) {
            return latest;
        }
        return serdes.latestValueSchema(examples)
                .map(RegisteredSchema::avro)
                .filter(schema -> schema.getType() == Schema.Type.RECORD)
                .map(schema -> reduced(schema, declaration))
                .or(() -> latest);
    }

    /** The fields of the record on which features depend, each with null as its default. */
    static Schema reduced(Schema record, Declaration declaration) {
        Set<String> needed = new LinkedHashSet<>();
        declaration.features().features().stream().map(Feature::field).forEach(field -> addOuter(field, needed));
        if (declaration.eventTime() != null && declaration.features().readsEventTime()) {
            addOuter(declaration.eventTime().field(), needed);
        }
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : record.getFields()) {
            if (needed.contains(field.name())) {
                fields.add(new Schema.Field(
                        field.name(), nullable(field.schema()), field.doc(), Schema.Field.NULL_DEFAULT_VALUE));
            }
        }
        return Schema.createRecord(record.getName(), record.getDoc(), record.getNamespace(), false, fields);
    }

    private static void addOuter(Field field, Set<String> names) {
        field.paths().stream()
                .filter(path -> path.source() == Path.Source.VALUE)
                .forEach(path -> names.add(path.steps().get(0).name()));
    }

    private static Schema nullable(Schema schema) {
        List<Schema> branches = new ArrayList<>(List.of(Schema.create(Schema.Type.NULL)));
        List<Schema> types = schema.isUnion() ? schema.getTypes() : List.of(schema);
        types.stream().filter(type -> type.getType() != Schema.Type.NULL).forEach(branches::add);
        return Schema.createUnion(branches);
    }
}
