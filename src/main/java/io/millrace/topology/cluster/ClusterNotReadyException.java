package io.millrace.topology.cluster;

/** The cluster cannot be used as it is; the message is one line for the operator, with what to do. */
public final class ClusterNotReadyException extends RuntimeException {
    public ClusterNotReadyException(String message, Throwable cause) {
        super(message, cause);
    }
}
