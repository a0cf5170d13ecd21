package io.millrace.topology.cluster;

/** The cluster cannot be used in its present state. The message is one line that says what the operator must do. */
public final class ClusterNotReadyException extends RuntimeException {
    public ClusterNotReadyException(String message, Throwable cause) {
        super(message, cause);
    }
}
