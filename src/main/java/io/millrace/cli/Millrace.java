package io.millrace.cli;

import io.millrace.cli.command.DescribeCommand;
import io.millrace.cli.command.InitCommand;
import io.millrace.cli.command.PredictCommand;
import io.millrace.cli.command.ProduceCommand;
import io.millrace.cli.command.RunCommand;
import io.millrace.cli.command.SnapshotCommand;
import io.millrace.cli.command.VerifyCommand;
import io.millrace.cli.command.WatchCommand;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.OptionalCommand;
import io.millrace.cli.console.UsageException;
import io.millrace.cli.console.Version;
import io.millrace.config.InvalidConfigException;
import io.millrace.topology.cluster.AuthErrors;
import io.millrace.topology.cluster.ClusterNotReadyException;
import io.millrace.topology.cluster.RecordsDeletedException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;

/** Entry point: parses the command line, runs a command and turns its outcome into an exit code. */
@Command(
        name = "millrace",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "A neural network that learns inside your Kafka cluster.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            InitCommand.class,
            RunCommand.class,
            ProduceCommand.class,
            PredictCommand.class,
            SnapshotCommand.class,
            WatchCommand.class,
            VerifyCommand.class,
            DescribeCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:the command failed", "2:wrong usage or configuration"})
public final class Millrace {
    /** 128 + SIGINT, as in shells. */
    private static final int INTERRUPTED = 130;

    private static final String DEMO = "demo";

    /** The commands that start a broker, which most installations do not need. */
    private static final List<String> OPTIONAL = List.of(DEMO, "bench");

    /**
     * Runs a command and exits with its code.
     *
     * @param arguments command line
     */
    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // first of all: input and output must not depend on the locale
        System.setOut(utf8(FileDescriptor.out));
        System.setErr(utf8(FileDescriptor.err));
        if (arguments.length > 0 && arguments[0].equals("run")) {
            logProgress();
        }
        CommandLine commandLine = commandLine();
        commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        System.exit(commandLine.execute(arguments));
    }

    /** Always UTF-8: the encoding that Java derives from the locale loses characters where no locale is set. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 1 << 13), true, StandardCharsets.UTF_8);
    }

    /**
     * A service reports its progress in its log; the other commands print it on standard output. Call this before the
     * first logger is created.
     */
    private static void logProgress() {
        System.getProperties().putIfAbsent("millrace.log.level", "INFO");
        System.getProperties().putIfAbsent("millrace.log.kafka.level", "WARN");
    }

    /** @return the parser, for tests too */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Millrace());
        addOptionalCommands(commandLine);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionStrategy(Millrace::execute);
        commandLine.setExecutionExceptionHandler(Millrace::explain);
        return commandLine;
    }

    private static void addOptionalCommands(CommandLine commandLine) {
        ServiceLoader.load(OptionalCommand.class).forEach(commandLine::addSubcommand);
        if (commandLine.getSubcommands().containsKey(DEMO)) {
            commandLine.getCommandSpec().usageMessage().footer("%nTo see it learn: millrace " + DEMO);
        }
        for (String name : OPTIONAL) {
            if (!commandLine.getSubcommands().containsKey(name)) {
                commandLine.addSubcommand(name, new AbsentCommand());
            }
        }
    }

    /**
     * Refuses an unknown command, which the parser overlooks beside {@code --help} and {@code --version}. Explains a library that cannot be
     * loaded, for instance because there is no temporary directory: this is an {@link Error}, which the parser does not handle.
     */
    private static int execute(ParseResult parsed) {
        if (!parsed.hasSubcommand() && !parsed.unmatched().isEmpty()) {
            throw new CommandLine.UnmatchedArgumentException(
                    parsed.commandSpec().commandLine(), parsed.unmatched());
        }
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (LinkageError e) {
            throw new CommandLine.ExecutionException(
                    parsed.commandSpec().commandLine(), "a library cannot be loaded", new IllegalStateException(e));
        }
    }

    /** Errors that the user can correct are printed as a sentence; bugs are printed with a stack trace. */
    private static int explain(Exception fault, CommandLine commandLine, ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        if (fault instanceof InvalidConfigException invalid) {
            invalid.problems().forEach(problem -> err.println("millrace: " + problem));
            return CommandLine.ExitCode.USAGE;
        }
        if (fault instanceof UsageException) {
            err.println("millrace: " + fault.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        if (fault instanceof ClusterNotReadyException || fault instanceof FailedException) {
            err.println("millrace: " + fault.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (fault instanceof RecordsDeletedException) {
            err.println("millrace: " + fault.getMessage() + ".");
            return CommandLine.ExitCode.SOFTWARE;
        }
        if (fault instanceof InterruptedException || fault instanceof InterruptException) {
            return INTERRUPTED;
        }
        Optional<String> refusal = AuthErrors.sentence(fault);
        if (refusal.isPresent()) {
            err.println("millrace: " + refusal.get());
            return CommandLine.ExitCode.SOFTWARE;
        }
        fault.printStackTrace(err);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
