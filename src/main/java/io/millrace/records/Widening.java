package io.millrace.records;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;

/**
 * Avro promotes floats to doubles but not doubles to floats, and many writers produce only doubles. A field in which
 * the writer has doubles is therefore read as if our schema had doubles, and each value is rounded once to a float.
 */
final class Widening {
    private Widening() {}

    /**
     * Our schema, with doubles for floats in each field in which the writer has doubles. Returns our schema itself if
     * there is no such field, or if ours has doubles of its own, which must not be rounded.
     */
    static Schema of(Schema writer, Schema reader) {
        if (writer.getType() != Schema.Type.RECORD || hasDoubles(reader) || !hasDoubles(writer)) {
            return reader;
        }
        List<Schema.Field> fields = reader.getFields().stream()
                .map(field -> new Schema.Field(field, schema(field, writer.getField(field.name()))))
                .toList();
        return Schema.createRecord(reader.getName(), reader.getDoc(), reader.getNamespace(), false, fields);
    }

    private static Schema schema(Schema.Field ours, Schema.Field written) {
        return written == null || !hasDoubles(written.schema()) ? ours.schema() : wide(ours.schema());
    }

    private static Schema wide(Schema schema) {
        return switch (schema.getType()) {
            case FLOAT -> Schema.create(Schema.Type.DOUBLE);
            case ARRAY -> Schema.createArray(wide(schema.getElementType()));
            case UNION ->
                Schema.createUnion(
                        schema.getTypes().stream().map(Widening::wide).toList());
            default -> schema;
        };
    }

    private static boolean hasDoubles(Schema schema) {
        return hasDoubles(schema, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    /** @param seen records that were already visited: a record may be recursive */
    private static boolean hasDoubles(Schema schema, Set<Schema> seen) {
        return switch (schema.getType()) {
            case DOUBLE -> true;
            case ARRAY -> hasDoubles(schema.getElementType(), seen);
            case UNION -> schema.getTypes().stream().anyMatch(branch -> hasDoubles(branch, seen));
            case RECORD ->
                seen.add(schema) && schema.getFields().stream().anyMatch(field -> hasDoubles(field.schema(), seen));
            default -> false;
        };
    }

    /** Rounds to the nearest float. */
    static float narrowed(double value) {
        float rounded = (float) value;
        if (Float.isInfinite(rounded) && !Double.isInfinite(value)) {
            throw new AvroTypeException(value + " is too large for a float");
        }
        return rounded;
    }
}
