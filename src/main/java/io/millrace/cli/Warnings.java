package io.millrace.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What may be wrong, told before the work that it would spoil begins. */
final class Warnings {
    private Warnings() {}

    static void print(CommandSpec command, List<String> warnings) {
        warnings.forEach(warning -> command.commandLine().getErr().println("millrace: warning: " + warning));
    }
}
