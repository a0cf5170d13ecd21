package io.millrace.records;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Detects arrays whose items take no bytes, such as nulls. A record of a few bytes can have two billion of them.
 * Skipping them would take longer than a transaction may last, and the record would be read again and again.
 */
final class ZeroByteItems {
    private ZeroByteItems() {}

    /** Whether a record of this schema can contain such an array. */
    static boolean in(Schema schema) {
        return in(schema, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean in(Schema schema, Set<Schema> seen) {
        return switch (schema.getType()) {
            case ARRAY -> weightless(schema.getElementType()) || in(schema.getElementType(), seen);
            case MAP -> in(schema.getValueType(), seen);
            case UNION -> schema.getTypes().stream().anyMatch(branch -> in(branch, seen));
            case RECORD -> seen.add(schema) && schema.getFields().stream().anyMatch(field -> in(field.schema(), seen));
            default -> false;
        };
    }

    private static boolean weightless(Schema schema) {
        return weightless(schema, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static boolean weightless(Schema schema, Set<Schema> within) {
        return switch (schema.getType()) {
            case NULL -> true;
            case FIXED -> schema.getFixedSize() == 0;
            case RECORD ->
                !within.add(schema) // a record that always contains itself has no values
                        || schema.getFields().stream().allMatch(field -> weightless(field.schema(), within));
            default -> false;
        };
    }
}
