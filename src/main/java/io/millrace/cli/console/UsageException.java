package io.millrace.cli.console;

/** Something on the command line or in a file given there is wrong; the message says what, and what to do. */
public final class UsageException extends RuntimeException {
    public UsageException(String message) {
        super(message);
    }

    public UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
