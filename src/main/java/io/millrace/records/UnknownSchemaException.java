package io.millrace.records;

import org.apache.kafka.common.errors.SerializationException;

/** The registry has no schema under the id of a record: it may have one tomorrow, or have had one yesterday. */
public final class UnknownSchemaException extends SerializationException {
    private static final long serialVersionUID = 1L;

    UnknownSchemaException(String message, Throwable cause) {
        super(message, cause);
    }
}
