package io.millrace.topology.audit;

/** A replay cannot go on, which says nothing about the version: what it needs is not there any more. */
final class CannotReplayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence without full stop */
    CannotReplayException(String message) {
        super(message);
    }
}
