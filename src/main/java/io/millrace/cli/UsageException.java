package io.millrace.cli;

/** Something on the command line or in a file given there is wrong; the message says what, and what to do. */
final class UsageException extends RuntimeException {
    UsageException(String message) {
        super(message);
    }

    UsageException(String message, Throwable cause) {
        super(message, cause);
    }
}
