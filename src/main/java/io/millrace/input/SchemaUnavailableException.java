package io.millrace.input;

import io.millrace.learner.input.BadInputException;

/** The registry did not tell the schema of a record, which may be good: what is wrong is not in the record. */
public final class SchemaUnavailableException extends BadInputException {
    private static final long serialVersionUID = 1L;

    SchemaUnavailableException(String message) {
        super(message);
    }
}
