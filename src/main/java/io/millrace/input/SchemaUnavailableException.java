package io.millrace.input;

import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;

/**
 * The schema of a record is not available. The record may be good, so training records that it left the record out, and a replay leaves it
 * out as well.
 */
public final class SchemaUnavailableException extends BadInputException {
    private static final long serialVersionUID = 1L;

    /** @param message as {@link BadInputException} takes it */
    public SchemaUnavailableException(String message) {
        super(BadInputCause.SCHEMA, message);
    }
}
