package io.millrace.records;

import org.apache.kafka.common.errors.SerializationException;

/**
 * The schema registry could not be asked: it is down, cannot be reached, or refused the credentials. The record itself may be
 * good, so this is worth another attempt, where any other {@link SerializationException} of these serdes says that the record
 * will never be readable.
 */
public final class RegistryUnavailableException extends SerializationException {
    private static final long serialVersionUID = 1L;

    /** The message says what was asked of the registry and how it failed. */
    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
