package io.millrace.learner.input;

/** An example or a request cannot be used; the message says why. The exception is cheap, because it has no stack trace. */
public class BadInputException extends RuntimeException {
    /** Limits the message, which goes into headers and answers and may contain text from the record or the registry. */
    private static final int MOST_CHARACTERS = 2000;

    private final BadInputCause code;

    /** A record that cannot be decoded: {@link BadInputCause#RECORD}. */
    public BadInputException(String message) {
        this(BadInputCause.RECORD, message);
    }

    /** @param message a sentence without full stop that names the problem and the value; cut when it is very long */
    public BadInputException(BadInputCause code, String message) {
        super(cut(message), null, false, false);
        this.code = code;
    }

    /** What is wrong, as a code. */
    public BadInputCause code() {
        return code;
    }

    private static String cut(String message) {
        return message == null || message.length() <= MOST_CHARACTERS
                ? message
                : message.substring(0, MOST_CHARACTERS) + "...";
    }
}
