package io.millrace.records;

import org.apache.kafka.common.errors.SerializationException;

/**
 * The schema registry could not be asked: it is down, cannot be reached, or refused the credentials. The record itself
 * may be good, so another attempt is useful. Any other {@link SerializationException} of these serdes means that the
 * record will never be readable.
 */
public final class RegistryUnavailableException extends SerializationException {
    private static final long serialVersionUID = 1L;

    /** The message says what was requested from the registry and how the request failed. */
    public RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
