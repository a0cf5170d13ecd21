package io.millrace.topology.audit;

/** A replay cannot continue, because something that it needs does not exist any more. The version itself may be correct. */
final class CannotReplayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message a sentence without full stop */
    CannotReplayException(String message) {
        super(message);
    }
}
