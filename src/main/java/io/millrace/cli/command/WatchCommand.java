package io.millrace.cli.command;

import io.millrace.cli.console.PortOption;
import io.millrace.cli.console.StopSignal;
import io.millrace.config.MillraceConfig;
import io.millrace.config.Topics;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a model learn, on a page. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Opens a page on this machine that shows the model learn: loss and metrics, versions, dead"
                + " letters. It reads the topics from their beginning and changes nothing.")
public final class WatchCommand implements Callable<Integer> {
    @Mixin
    private ConfigOptions configuration;

    @Option(
            names = "--http-port",
            defaultValue = "8090",
            paramLabel = "PORT",
            description = "Port of the page on 127.0.0.1, 0 for any. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        PortOption.require("--http-port", port);
        MillraceConfig config = configuration.load();
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stopped = new CountDownLatch(1);
        try (StopSignal signal = new StopSignal(stopped::countDown);
                AvroSerdes serdes = new AvroSerdes(config.registry())) {
            Topics topics = config.topics();
            new ClusterCheck(config, List.of(topics.validationLosses(), topics.modelSnapshots(), topics.deadLetters()))
                    .require(serdes);
            try (WatchPage page = WatchPage.open(config, serdes, port)) {
                out.println("Watch " + config.modelName() + " learn: " + page.url());
                out.println("Ctrl-C closes the page. The model does not notice.");
                out.flush();
                stopped.await();
            }
        }
        return ExitCode.OK;
    }
}
