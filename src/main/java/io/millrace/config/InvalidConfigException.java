package io.millrace.config;

import java.util.List;

/** All problems of a configuration, found before anything starts. One sentence for each problem says what to do. */
public final class InvalidConfigException extends RuntimeException {
    private final List<String> problems;

    /** @param problems at least one sentence */
    public InvalidConfigException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** @return one sentence for each problem, in the order found */
    public List<String> problems() {
        return problems;
    }
}
