package io.millrace.cli;

/** The command could not do its work; the message is one line for the user. */
final class FailedException extends RuntimeException {
    FailedException(String message) {
        super(message);
    }

    FailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
