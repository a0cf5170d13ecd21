package io.millrace.cli.demo;

import io.millrace.cli.command.WatchPage;
import io.millrace.cli.console.OptionalCommand;
import io.millrace.cli.console.OutputFile;
import io.millrace.cli.console.PortOption;
import io.millrace.cli.console.StopSignal;
import io.millrace.cli.console.UsageException;
import io.millrace.cli.console.Warnings;
import io.millrace.cli.csv.CsvOptions;
import io.millrace.cli.csv.DialectOptions;
import io.millrace.cli.csv.Labelling;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.streams.StreamsConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs all of Millrace on one machine: a broker, a registry, training and serving in this JVM. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Starts a broker and a schema registry in this JVM, and learns from a generated stream with concept"
                        + " drift, or from a CSV file, while it answers requests.")
public final class DemoCommand implements OptionalCommand {
    /** The demo commits every 200 ms, a large network five times as often as otherwise, because somebody is watching. */
    private static final int WATCHABLE_COMMIT_MS = 200;

    /** Placeholder addresses for checking the settings before a cluster is started. */
    private static final Map<String, String> NOT_STARTED =
            Map.of("bootstrap.servers", "localhost:1", "schema.registry.url", "http://localhost:1");

    enum Task {
        CLASSIFICATION,
        MULTILABEL,
        REGRESSION
    }

    @Mixin
    private CsvOptions csv;

    @Mixin
    private DialectOptions dialect;

    @Option(
            names = "--task",
            defaultValue = "classification",
            paramLabel = "TASK",
            description = "classification, multilabel or regression. Default: ${DEFAULT-VALUE}.")
    private Task task;

    @Option(
            names = "--requests",
            defaultValue = "0.1",
            paramLabel = "SHARE",
            description = "Share of the rows that are sent as requests, too, before their labels, 0 to 1. The answers"
                    + " are judged. Default: ${DEFAULT-VALUE}.")
    private double requests;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Rows a second, whether learning keeps up or not: then answers come from old versions."
                    + " Default: at most 20000 a second, a file in 10 s, and never far ahead of learning. No limit for a"
                    + " file with --requests 0.")
    private Double rate;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            description =
                    "First learns and answers the stream again and again for this long, on topics of its own. The figures are"
                            + " then those of a process that has run for a while, not of one that Java still compiles.")
    private double warmUpSeconds;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the summary as JSON.")
    private Path report;

    @Option(names = "--keep", description = "Keeps running afterwards, and prints how to read the topics.")
    private boolean keep;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Keeps the data there. A demo that was stopped or killed continues if it is started again with the"
                            + " same options. Default: a temporary directory.")
    private Path directory;

    @Option(
            names = "--port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "Port of the broker. Default: any.")
    private int port;

    @Option(
            names = "--registry-port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "Port of the schema registry. Default: any.")
    private int registryPort;

    @Option(
            names = "--http-port",
            defaultValue = "0",
            paramLabel = "PORT",
            description = "Port of the page that shows the model learn. Default: any.")
    private int httpPort;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Overrides a setting. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        PortOption.require("--port", port);
        PortOption.require("--registry-port", registryPort);
        PortOption.require("--http-port", httpPort);
        if (warmUpSeconds > 0 && directory != null) {
            throw new UsageException(
                    "--warm-up and --dir do not go together: the warm-up's topics would be kept, too.");
        }
        OutputFile summary = report == null ? null : new OutputFile("--report", report);
        if (summary != null) {
            summary.requireWritable();
        }
        RequestShare share = new RequestShare(requests);
        Pace given = rate == null ? null : Pace.of(rate);
        DemoStream stream = stream();
        Pace pace = given == null ? defaultPace(stream) : given;
        MillraceConfig planned = MillraceConfig.of(settings(stream, NOT_STARTED));
        Labelling.of(planned.learner(), stream.labels());
        Warnings.print(spec, planned.warnings());
        Warnings.print(spec, planned.notes());
        Warnings.print(spec, stream.warnings());
        PrintWriter out = spec.commandLine().getOut();
        stream.overview().forEach(out::println);
        if (!stream.overview().isEmpty()) {
            out.println();
        }
        out.println("Starting a broker and a schema registry in this JVM...");
        out.flush();
        Thread demo = Thread.currentThread();
        try (StopSignal signal = new StopSignal(demo::interrupt);
                DemoCluster cluster = DemoCluster.start(directory, port, registryPort)) {
            Map<String, String> settings = settings(stream, cluster.settings());
            warmUp(settings, stream, share);
            MillraceConfig config = MillraceConfig.of(settings);
            out.println("Learning from " + stream.title() + ".");
            out.flush();
            learn(config, stream, pace, share, this::page, result -> {
                result.print(out);
                if (summary != null) {
                    summary.write(result::report);
                }
                result.requireLearned();
                if (keep) {
                    stayUp(config, out);
                }
            });
        }
        return ExitCode.OK;
    }

    /** What shows the learning while it goes on; may be null. */
    private interface Opening {
        WatchPage open(MillraceConfig config, AvroSerdes serdes);
    }

    private WatchPage page(MillraceConfig config, AvroSerdes serdes) {
        WatchPage page = WatchPage.open(config, serdes, httpPort);
        PrintWriter out = spec.commandLine().getOut();
        out.println("Watch it learn: " + page.url());
        out.flush();
        return page;
    }

    /** What happens when a stream is learned, while training and serving still run. */
    private interface Ending {
        void accept(DemoResult result) throws InterruptedException;
    }

    private static void learn(
            MillraceConfig config, DemoStream stream, Pace pace, RequestShare share, Opening opening, Ending ending)
            throws InterruptedException, ExecutionException {
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            MillraceConfig scoped = ClusterCheck.forTraining(config).scoped();
            DemoFeeder feeder = new DemoFeeder(config, serdes, stream, pace, share);
            try (WatchPage page = opening.open(scoped, serdes);
                    DemoRun run = new DemoRun(scoped, serdes, stream, feeder)) {
                ending.accept(run.untilLearned());
            }
        }
    }

    /** Runs the same applications under other names, on other topics, which nobody reads afterwards. */
    private void warmUp(Map<String, String> settings, DemoStream stream, RequestShare share)
            throws InterruptedException, ExecutionException {
        long start = System.nanoTime();
        for (int pass = 1; (System.nanoTime() - start) / 1e9 < warmUpSeconds; pass++) {
            Map<String, String> changed = new LinkedHashMap<>(settings);
            changed.merge("application.id", "-warm-up-" + pass, String::concat);
            changed.put("topics.prefix", "warm-up-" + pass + "." + settings.getOrDefault("topics.prefix", ""));
            learn(
                    MillraceConfig.of(changed),
                    stream,
                    defaultPace(stream),
                    share,
                    (config, serdes) -> null,
                    DemoResult::requireLearned);
        }
    }

    private Pace defaultPace(DemoStream stream) {
        if (requests == 0) { // there are no answers that could be old
            return csv.file == null ? Pace.of(Pace.WATCHABLE_RATE) : Pace.unlimited();
        }
        return csv.file == null ? Pace.ofStream(stream.total()) : Pace.ofFile(stream.total());
    }

    private DemoStream stream() {
        if (csv.file == null) {
            if (csv.label != null || task != Task.CLASSIFICATION || dialect.given()) {
                throw new UsageException(
                        "--label, --task, --separator and --no-header apply to a file: add --csv FILE.");
            }
            return DemoStream.generated(csv.limit());
        }
        String classes = overrides.getOrDefault("model.classes", "");
        return DemoStream.csv(
                csv.file,
                dialect,
                csv.label,
                task.name().toLowerCase(java.util.Locale.ROOT),
                csv.limit(),
                classes.isEmpty() ? List.of() : List.of(classes.split("\\s*,\\s*")));
    }

    private Map<String, String> settings(DemoStream stream, Map<String, String> cluster) {
        Map<String, String> settings = new LinkedHashMap<>(stream.settings());
        settings.putAll(cluster);
        settings.put("application.id", "demo");
        // one node, one machine: a member that is silent for seconds has failed
        settings.put("main.consumer.session.timeout.ms", "6000");
        settings.put("main.consumer.heartbeat.interval.ms", "1500");
        settings.putAll(overrides);
        long commitMs = Math.max(WATCHABLE_COMMIT_MS, plannedCommitMs(settings) / 5);
        settings.putIfAbsent("train.commit.interval.ms", String.valueOf(commitMs));
        settings.putIfAbsent("train.producer.transaction.timeout.ms", String.valueOf(Math.max(5000, 2 * commitMs)));
        return settings;
    }

    private static long plannedCommitMs(Map<String, String> settings) {
        Properties training = StreamsProperties.training(MillraceConfig.of(settings));
        return Long.parseLong(training.getProperty(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
    }

    private static void stayUp(MillraceConfig config, PrintWriter out) throws InterruptedException {
        out.println();
        out.println(DemoGuide.text(config));
        out.flush();
        new CountDownLatch(1).await(); // until the stop signal interrupts
    }
}
