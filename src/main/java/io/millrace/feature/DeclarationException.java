package io.millrace.feature;

import java.util.List;

/** A declaration cannot be used. */
public final class DeclarationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    DeclarationException(List<String> problems) {
        super(String.join("\n", problems), null, false, false);
        this.problems = List.copyOf(problems);
    }

    /** All problems, each a sentence with full stop. */
    public List<String> problems() {
        return problems;
    }
}
