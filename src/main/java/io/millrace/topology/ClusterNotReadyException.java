package io.millrace.topology;

/** The cluster cannot be used as it is; the message is one line for the operator, with what to do. */
public final class ClusterNotReadyException extends RuntimeException {
    ClusterNotReadyException(String message, Throwable cause) {
        super(message, cause);
    }
}
