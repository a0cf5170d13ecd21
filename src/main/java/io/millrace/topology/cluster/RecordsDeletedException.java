package io.millrace.topology.cluster;

/** Records were deleted while they were read. The message is a sentence that says which, without full stop. */
public final class RecordsDeletedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RecordsDeletedException(String message) {
        super(message);
    }
}
