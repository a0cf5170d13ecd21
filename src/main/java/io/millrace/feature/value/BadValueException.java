package io.millrace.feature.value;

/** A field of a record cannot be used; the message says why. The exception is cheap, because it has no stack trace. */
public final class BadValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence without full stop that names the field and its value */
    public BadValueException(String message) {
        super(message, null, false, false);
    }
}
