package io.millrace.cli.command;

import io.millrace.cli.console.Interrupt;
import io.millrace.cli.console.PortOption;
import io.millrace.cli.console.Screen;
import io.millrace.cli.console.StopSignal;
import io.millrace.cli.console.UsageException;
import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import io.millrace.watch.Watch;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a model learn, on a page or on the terminal. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Opens a page on this machine that shows the model learn: loss and metrics, versions, dead"
                + " letters. It reads the topics from their beginning and changes nothing.")
public final class WatchCommand implements Callable<Integer> {
    private static final String HTTP_PORT = "--http-port";
    private static final String TERMINAL = "--terminal";
    private static final String PARTITION = "--partition";
    private static final long REDRAW_MS = 1000;
    private static final long LINE_MS = 2000;

    @Mixin
    private ConfigOptions configuration;

    @Option(
            names = HTTP_PORT,
            defaultValue = "8090",
            paramLabel = "PORT",
            description = "Port of the page on 127.0.0.1, 0 for any. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(
            names = TERMINAL,
            description =
                    "Shows state and curves as text instead of a page: redrawn in place on a terminal; elsewhere a line"
                            + " when they have changed, every two seconds at most.")
    private boolean terminal;

    @Option(
            names = PARTITION,
            paramLabel = "P",
            description = "With --terminal and several replicas: the one whose curves are shown, by partition of the"
                    + " examples. Default: the first.")
    private Integer partition;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        refuse(terminal, HTTP_PORT, "does not go with " + TERMINAL + ", which opens no page.");
        refuse(!terminal, PARTITION, "needs " + TERMINAL + ": on the page you choose there.");
        PortOption.require(HTTP_PORT, port);
        MillraceConfig config = configuration.load();
        CountDownLatch stopped = new CountDownLatch(1);
        try (StopSignal signal = new StopSignal(stopped::countDown);
                Interrupt interrupt = new Interrupt(stopped::countDown);
                AvroSerdes serdes = new AvroSerdes(config.registry())) {
            Topics topics = config.topics();
            new ClusterCheck(config, List.of(topics.validationLosses(), topics.modelSnapshots(), topics.deadLetters()))
                    .require(serdes);
            if (terminal) {
                show(config, serdes, stopped);
            } else {
                open(config, serdes, stopped);
            }
        }
        return ExitCode.OK;
    }

    private void refuse(boolean wrong, String option, String why) {
        if (wrong && spec.commandLine().getParseResult().hasMatchedOption(option)) {
            throw new UsageException(option + " " + why);
        }
    }

    private void open(MillraceConfig config, AvroSerdes serdes, CountDownLatch stopped) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        try (WatchPage page = WatchPage.open(config, serdes, port)) {
            out.println("Watch " + config.modelName() + " learn: " + page.url());
            out.println("Ctrl-C closes the page. The model does not notice.");
            out.flush();
            stopped.await();
        }
    }

    private void show(MillraceConfig config, AvroSerdes serdes, CountDownLatch stopped) throws InterruptedException {
        try (Watch watch = new Watch(config, serdes, null);
                Screen screen = Screen.open()) {
            if (screen == null) {
                print(watch, stopped);
                return;
            }
            do {
                screen.draw((columns, rows) -> watch.text(partition, columns, rows));
            } while (!stopped.await(REDRAW_MS, TimeUnit.MILLISECONDS));
        }
    }

    private void print(Watch watch, CountDownLatch stopped) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        String printed = null;
        do {
            String line = watch.line(partition);
            if (!line.equals(printed)) {
                out.println(line);
                out.flush();
                printed = line;
            }
        } while (!stopped.await(LINE_MS, TimeUnit.MILLISECONDS));
    }
}
