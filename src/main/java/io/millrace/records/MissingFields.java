package io.millrace.records;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** The fields of a schema that another one, which records are to be written with instead, would leave out. */
final class MissingFields {
    private MissingFields() {}

    /** Their names, with those of the records within behind their field's; empty when none would be left out. */
    static List<String> of(Schema own, Schema other) {
        List<String> lacking = new ArrayList<>();
        collect("", own, other, lacking);
        return lacking;
    }

    private static void collect(String field, Schema own, Schema other, List<String> lacking) {
        if (own.getType() != other.getType()) {
            return; // whether one can be written as the other is the writer's to say
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
