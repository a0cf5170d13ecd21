package io.millrace.topology;

import io.millrace.learner.BadInputException;

/** The registry did not tell the schema of a record, which may be good: what is wrong is not in the record. */
final class SchemaNotToldException extends BadInputException {
    private static final long serialVersionUID = 1L;

    SchemaNotToldException(String message) {
        super(message);
    }
}
