package io.millrace.bench;

/** An application has ended without the commit of what it has processed. */
final class UncommittedException extends BenchException {
    private static final long serialVersionUID = 1L;

    UncommittedException(String message) {
        super(message);
    }
}
