package io.millrace.records;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The fields of a schema that would be lost if its records were written with another schema. */
final class MissingFields {
    private MissingFields() {}

    /**
     * The names of the lost fields; those of nested records follow the name of their field. Empty if none would be
     * lost.
     */
    static List<String> of(Schema own, Schema other) {
        List<String> lacking = new ArrayList<>();
        collect("", own, other, lacking);
        return lacking;
    }

    private static void collect(String field, Schema own, Schema other, List<String> lacking) {
        if (own.getType() != other.getType()) {
            return; // whether one can be written as the other is for the writer to decide
        }
        switch (own.getType()) {
            case RECORD -> collectFields(field.isEmpty() ? "" : field + ".", own, other, lacking);
            case ARRAY -> collect(field, own.getElementType(), other.getElementType(), lacking);
            case MAP -> collect(field, own.getValueType(), other.getValueType(), lacking);
            case UNION ->
                own.getTypes()
                        .forEach(branch -> other.getTypes().stream()
                                .filter(same -> same.getFullName().equals(branch.getFullName()))
                                .forEach(same -> collect(field, branch, same, lacking)));
            default -> {}
        }
    }

    private static void collectFields(String prefix, Schema own, Schema other, List<String> lacking) {
        for (Schema.Field each : own.getFields()) {
            Schema.Field same = other.getField(each.name());
            if (same == null) {
                lacking.add(prefix + each.name());
            } else {
                collect(prefix + each.name(), each.schema(), same.schema(), lacking);
            }
        }
    }
}
