package io.millrace.cli.console;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** Prints warnings about the input before the work starts. */
public final class Warnings {
    private Warnings() {}

    public static void print(CommandSpec command, List<String> warnings) {
        warnings.forEach(warning -> command.commandLine().getErr().println("millrace: warning: " + warning));
    }
}
