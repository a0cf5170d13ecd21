package io.millrace.topology.record;

import io.millrace.learner.input.BadInputException;

/** The registry did not tell the schema of a record, which may be good: what is wrong is not in the record. */
public final class SchemaNotToldException extends BadInputException {
    private static final long serialVersionUID = 1L;

    SchemaNotToldException(String message) {
        super(message);
    }
}
