package io.millrace.records;

import org.apache.kafka.common.errors.SerializationException;

/** The registry has no schema for the id of a record. It may have had one before, or may have one later. */
public final class UnknownSchemaException extends SerializationException {
    private static final long serialVersionUID = 1L;

    UnknownSchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
