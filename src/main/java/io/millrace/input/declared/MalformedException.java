package io.millrace.input.declared;

/** The bytes of a record are not of its format; the message says where. Cheap, because it has no stack trace. */
final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong with the bytes */
    MalformedException(String message) {
        super(message, null, false, false);
    }
}
