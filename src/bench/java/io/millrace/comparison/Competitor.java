package io.millrace.comparison;

import java.util.List;
import java.util.Map;

/**
 * Someone who takes part: a command that, followed by the arguments of {@link CellTimer}, times the cells of one network.
 *
 * @param name heads its column
 * @param millrace whether it is Millrace itself
 * @param command starts the child process; empty if there is nothing to start
 * @param shapes whether its program makes networks of images and sequences
 * @param environment of the child, beside this process's own
 * @param missing what to do to have it take part, if {@code command} is empty; else empty
 */
record Competitor(
        String name,
        boolean millrace,
        boolean shapes,
        List<String> command,
        Map<String, String> environment,
        String missing) {
    Competitor {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    Competitor(String name, boolean millrace, boolean shapes, List<String> command, Map<String, String> environment) {
        this(name, millrace, shapes, command, environment, "");
    }

    static Competitor absent(String name, boolean millrace, String missing) {
        return new Competitor(name, millrace, true, List.of(), Map.of(), missing);
    }
}
