package io.millrace.input.declared;

import java.util.List;

/**
 * How a declaration fits the schema of records.
 *
 * @param id id of the schema at the registry
 * @param problems sentences for declared fields that the schema does not have or that have another type: records of this schema are refused
 * @param absent sentences for optional fields that the schema does not have: they are missing in all records of this schema. A JSON
 *     Schema may allow them nevertheless
 */
public record SchemaFindings(int id, List<String> problems, List<String> absent) {
    /** Copies the lists. */
    public SchemaFindings {
        problems = List.copyOf(problems);
        absent = List.copyOf(absent);
    }

    /** Whether there is nothing to say. */
    public boolean isEmpty() {
        return problems.isEmpty() && absent.isEmpty();
    }
}
