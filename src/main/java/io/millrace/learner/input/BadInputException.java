package io.millrace.learner.input;

/** An example or a request that cannot be used; the message says what is wrong with it. Cheap: it carries no stack trace. */
public class BadInputException extends RuntimeException {
    /** It goes into headers and answers, whatever the record or the registry has put into it. */
    private static final int MOST_CHARACTERS = 2000;

    /** @param message a sentence without full stop that names the fault and the value; cut when it is giant */
    public BadInputException(String message) {
        super(cut(message), null, false, false);
    }

    private static String cut(String message) {
        return message == null || message.length() <= MOST_CHARACTERS
                ? message
                : message.substring(0, MOST_CHARACTERS) + "...";
    }
}
