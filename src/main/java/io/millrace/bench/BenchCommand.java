package io.millrace.bench;

import io.millrace.bench.place.BenchCluster;
import io.millrace.bench.workload.BenchException;
import io.millrace.bench.workload.Workload;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.OptionalCommand;
import io.millrace.cli.console.OutputFile;
import io.millrace.cli.console.UsageException;
import io.millrace.nn.kernels.KernelsProvider;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures training against an empty topology and a bare consumer, and the latency of serving. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures how fast this machine learns and answers: training against an empty Kafka Streams topology and"
                    + " a bare consumer over the same examples, then the latency of predictions.",
            "Training, the topology and the consumer have a JVM each. Starts a broker in another JVM and removes it afterwards, unless it is"
                    + " given a cluster. Nothing else should run at the time."
        })
public final class BenchCommand implements OptionalCommand {
    /** Settings that the benchmark chooses itself: an override would make the report wrong. */
    private static final String OWN = "topics\\..*|application\\.id|bootstrap\\.servers|schema\\.registry\\.url"
            + "|features|label|value\\.format|model\\.(kind|inputs|input\\.shape|hidden|layers|classes|task)|batch\\.size";

    private static final class OutsideCluster {
        @Option(
                names = "--bootstrap-server",
                required = true,
                paramLabel = "HOST:PORT",
                description = "Brokers of an existing cluster. The benchmark creates and deletes its own topics there.")
        String bootstrapServers;

        @Option(
                names = "--registry",
                required = true,
                paramLabel = "URL",
                description = "Schema registry of that cluster.")
        String registryUrl;
    }

    @Option(
            names = "--record",
            description =
                    "Learns records of ten fields (six numbers, two categories, a flag, a time) with declared features"
                            + " instead of Example. --features has no effect then.")
    private boolean fields;

    @Option(
            names = "--ensemble",
            description =
                    "Measures an ensemble, which learns one example at a time. --hidden and --batch have no effect then.")
    private boolean ensemble;

    @Option(
            names = "--features",
            paramLabel = "N",
            defaultValue = "8",
            description = "Features of an example. Default: ${DEFAULT-VALUE}.")
    private int features;

    @Option(
            names = "--hidden",
            paramLabel = "N[,N...]",
            defaultValue = "32",
            description = "Units of the hidden layers. Default: ${DEFAULT-VALUE}.")
    private String hidden;

    @Option(
            names = "--outputs",
            paramLabel = "N",
            defaultValue = "2",
            description = "Classes. Default: ${DEFAULT-VALUE}.")
    private int outputs;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "64",
            description = "Examples of a mini-batch. Default: ${DEFAULT-VALUE}.")
    private int batch;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "2000000",
            description = "Examples that each pass reads. Default: ${DEFAULT-VALUE}.")
    private long examples;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Measured rounds; the medians count. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "200",
            description = "Requests a second. Default: ${DEFAULT-VALUE}.")
    private double rate;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Requests; the first quarter warms up. Default: ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--intake",
            paramLabel = "P",
            description =
                    "Measures the intake instead: how fast it copies examples of P partitions into the learning log, and"
                            + " how soon a prediction has learned an example, with and without the log.")
    private Integer intake;

    @Option(
            names = "--watched",
            description =
                    "Measures instead what it costs to be watched: training and serving alone, and with the page open and"
                            + " /metrics scraped each second, in turn. Choose --examples so that a pass takes many seconds."
                            + " --report has no effect then.")
    private boolean watched;

    @Option(
            names = "--endurance",
            description =
                    "Measures instead whether speed and memory stay the same: learns --examples in ten parts with one"
                            + " application, after four parts of warm-up. --rounds, --rate, --requests and --report have no effect then.")
    private boolean endurance;

    @Option(
            names = "--users",
            description =
                    "Measures accuracy instead, without a broker: embeddings against one-hot hashing on a stream of 100,000 users"
                            + " with hidden preferences. Of the other options, only --examples and --set have an effect.")
    private boolean users;

    @Option(
            names = "--sequences",
            description =
                    "Measures accuracy instead, without a broker: dense networks against causal convolution and long short-term"
                            + " memory on sequences whose order decides. Choose --examples, for example 60000. Of the other"
                            + " options, only --set has an effect.")
    private boolean sequences;

    @ArgGroup(exclusive = false)
    private OutsideCluster outside;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides a setting, such as train.max.poll.records. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the result as JSON, too.")
    private Path report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Workload workload = workload();
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        if (users) {
            KernelsProvider.warmUp(System::nanoTime);
            new UsersBench(examples, overrides, out).run();
            return ExitCode.OK;
        }
        if (sequences) {
            KernelsProvider.warmUp(System::nanoTime);
            new SequencesBench(examples, overrides, out).run();
            return ExitCode.OK;
        }
        try (BenchCluster cluster = cluster()) {
            Thread hook = new Thread(cluster::close, "bench-clean-up"); // Ctrl-C, SIGTERM
            Runtime.getRuntime().addShutdownHook(hook);
            if (intake != null) {
                new IntakeBench(workload, cluster, err, out).run(intake);
                return ExitCode.OK;
            }
            if (watched) {
                new WatchedBench(workload, cluster, err, out).run();
                return ExitCode.OK;
            }
            if (endurance) {
                new EnduranceBench(workload, cluster, err, out).run();
                return ExitCode.OK;
            }
            BenchReport result = new BenchReport(new Bench(workload, cluster, err).run());
            result.print(out);
            if (report != null) {
                result.save(report);
            }
        } catch (BenchException e) {
            throw new FailedException(e.getMessage(), e);
        }
        return ExitCode.OK;
    }

    private BenchCluster cluster() {
        return outside == null
                ? BenchCluster.local()
                : BenchCluster.outside(outside.bootstrapServers, outside.registryUrl);
    }

    private Workload workload() {
        atLeast("--features", features, 1);
        atLeast("--outputs", outputs, 2);
        atLeast("--batch", batch, 1);
        atLeast("--examples", examples, 1000);
        atLeast("--rounds", rounds, 1);
        atLeast("--requests", requests, 4);
        atLeast("--intake", intake == null ? 2 : intake, 2);
        if (!(rate > 0 && rate <= 1e6)) {
            throw new UsageException("--rate must be above 0 and at most a million, not " + rate + ".");
        }
        for (String key : overrides.keySet()) {
            if (key.matches(OWN)) {
                throw new UsageException("--set " + key + " is not possible: the benchmark sets it itself.");
            }
        }
        if (report != null) {
            new OutputFile("--report", report).requireWritable();
        }
        return new Workload(
                fields,
                ensemble,
                features,
                hidden,
                outputs,
                ensemble ? 1 : batch,
                examples,
                rounds,
                rate,
                requests,
                overrides);
    }

    private static void atLeast(String option, long value, long least) {
        if (value < least) {
            throw new UsageException(option + " must be at least " + least + ", not " + value + ".");
        }
    }
}
