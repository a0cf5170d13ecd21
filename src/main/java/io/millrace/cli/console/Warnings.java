package io.millrace.cli.console;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What may be wrong, told before the work that it would spoil begins. */
public final class Warnings {
    private Warnings() {}

    public static void print(CommandSpec command, List<String> warnings) {
        warnings.forEach(warning -> command.commandLine().getErr().println("millrace: warning: " + warning));
    }
}
