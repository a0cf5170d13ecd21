package io.millrace.topology;

/** Records were deleted while they were read. The message is a sentence that says which, without full stop. */
public final class RecordsGoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordsGoneException(String message) {
        super(message);
    }
}
