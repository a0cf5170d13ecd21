package io.millrace.bench.workload;

/** A measurement failed; the message is one sentence for the user. */
public final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one sentence */
    public BenchException(String message) {
        super(message);
    }

    /**
     * @param message one sentence
     * @param cause of it
     */
    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
