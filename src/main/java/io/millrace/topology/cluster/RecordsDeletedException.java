package io.millrace.topology.cluster;

/** Records were deleted while they were read. The message is a sentence without full stop that says which. */
public final class RecordsDeletedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RecordsDeletedException(String message) {
        super(message);
    }
}
