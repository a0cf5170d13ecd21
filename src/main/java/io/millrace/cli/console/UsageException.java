package io.millrace.cli.console;

/** The command line, or a file named there, is wrong. The message says what is wrong and what to do. */
public final class UsageException extends RuntimeException {
    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
