package io.millrace.cli.console;

/** The command failed; the message is one line for the user. */
public final class FailedException extends RuntimeException {
    public FailedException(String message) {
        super(message);
    }

    public FailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
