package io.millrace.learner;

/** An example or a request that cannot be used; the message says what is wrong with it. Cheap: it carries no stack trace. */
public class BadInputException extends RuntimeException {
    /** @param message a sentence without full stop that names the fault and the value */
    public BadInputException(String message) {
        super(message, null, false, false);
    }
}
