package io.millrace.cli;

import io.millrace.cli.console.FailedException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Stands for an optional command whose jar is not there, and says so whatever its options. */
@Command(hidden = true)
final class AbsentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Unmatched
    private List<String> options;

    @Override
    public Integer call() {
        throw new FailedException("The command " + spec.name() + " starts a broker of its own and is not in this"
                + " installation: it needs the folder local of the distribution, beside lib.");
    }
}
