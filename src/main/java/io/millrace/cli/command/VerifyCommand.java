package io.millrace.cli.command;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.Warnings;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.audit.SourceCheck;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.audit.VerificationResult;
import io.millrace.topology.cluster.RecordsDeletedException;
import io.millrace.topology.startup.ClusterCheck;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proves that a version of the weights is the result of learning its examples. */
@Command(
        name = "verify",
        description = {
            "Learns the examples of a version again, with the configuration that the version carries, and compares every bit."
                    + " Changes nothing on the cluster.",
            "Exits with 0 when all is equal, with 1 and a sentence when something differs or cannot be verified."
        })
public final class VerifyCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.") // here --version selects a version of the weights
    private boolean help;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--topics-prefix",
            paramLabel = "PREFIX",
            description = "What the topics' names begin with; overrides the configuration.")
    private String prefix;

    @Option(
            names = "--model",
            paramLabel = "NAME",
            description = "Name of the model; overrides the configuration. Default without one: model.")
    private String model;

    @Option(
            names = "--partition",
            paramLabel = "P",
            description = "Replica to verify, by partition of the examples. Default: all of them, one after the other.")
    private Integer partition;

    @Option(names = "--version", paramLabel = "V", description = "Version to verify. Default: the newest.")
    private Long version;

    @Option(
            names = "--sources",
            description = "Also checks the learning log: that each of its records is byte for byte the example that it"
                    + " names, each once, and none in between is missing.")
    private boolean sources;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        MillraceConfig config = config();
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            cluster.check(() -> new ClusterCheck(config, List.of(config.topics().modelSnapshots())).require(serdes));
            int equal = verify(config, serdes);
            return sources ? Math.max(equal, checkSources(config, serdes)) : equal;
        }
    }

    private int verify(MillraceConfig config, AvroSerdes serdes) {
        try (Verification verification = new Verification(config, serdes)) {
            Collection<Integer> there = verification.partitions();
            if (partition == null ? there.isEmpty() : !there.contains(partition)) {
                throw new FailedException("There is no snapshot of model " + config.modelName()
                        + (partition == null ? "" : ", partition " + partition) + ", in "
                        + config.topics().modelSnapshots() + ".");
            }
            boolean equal = true;
            for (int replica : partition == null ? there : List.of(partition)) {
                equal &= print("partition " + replica + ": ", verification.verify(replica, version));
            }
            return equal ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private int checkSources(MillraceConfig config, AvroSerdes serdes) {
        new ClusterCheck(
                        config,
                        List.of(config.topics().learningLog(), config.topics().examples()))
                .require(serdes);
        try (SourceCheck check = new SourceCheck(config)) {
            return print("sources: ", check.check()) ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (RecordsDeletedException e) {
            throw new FailedException("The sources cannot be checked: " + e.getMessage() + ".", e);
        }
    }

    private MillraceConfig config() {
        Map<String, String> settings = cluster.settings();
        ClusterOptions.put(settings, "topics.prefix", prefix);
        ClusterOptions.put(settings, "model.name", model);
        MillraceConfig config =
                MillraceConfig.of(ClusterOptions.withoutModel(settings)); // the snapshot has the model's settings
        Warnings.print(spec, config.warnings());
        return config;
    }

    private boolean print(String name, VerificationResult result) {
        PrintWriter out = spec.commandLine().getOut();
        result.sentences().forEach(sentence -> out.println(name + sentence));
        if (!result.equal()) {
            out.println(name + "NOT VERIFIED");
        }
        out.flush();
        return result.equal();
    }
}
