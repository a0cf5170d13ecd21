package io.millrace.cli.command;

import io.millrace.avro.Evaluation;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSpec;
import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.OutputFile;
import io.millrace.cli.console.UsageException;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.Model;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.snapshot.SnapshotFile;
import io.millrace.topology.snapshot.SnapshotTopic;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a version of the weights, and saves it if asked. */
@Command(
        name = "snapshot",
        description =
                "Shows the newest version of the weights, or a given one, with its SHA-256, and saves it if asked.")
public final class SnapshotCommand implements Callable<Integer> {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.") // here --version selects a version of the weights
    private boolean help;

    @Mixin
    private ConfigOptions configuration;

    @Option(names = "--version", paramLabel = "V", description = "Version to show. Default: the newest.")
    private Long version;

    @Option(
            names = "--partition",
            paramLabel = "P",
            description =
                    "Replica to show, by partition of the examples. Default: the only one; if there are several, one"
                            + " line for each.")
    private Integer partition;

    @Option(
            names = "--save",
            paramLabel = "FILE",
            description = "Saves the version as an Avro data file of ModelSnapshot records.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        OutputFile save = file == null ? null : new OutputFile("--save", file);
        if (save != null) {
            save.requireWritable();
        }
        MillraceConfig config = configuration.load();
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config, List.of(config.topics().modelSnapshots())).require(serdes);
            try (SnapshotTopic topic = new SnapshotTopic(config, serdes)) {
                PrintWriter err = spec.commandLine().getErr();
                topic.unreadable().forEach(sentence -> err.println("millrace: skipped: " + sentence + "."));
                List<StoredSnapshot> chosen = choose(config, topic.versions());
                if (chosen.size() == 1) {
                    show(chosen.get(0), save);
                } else if (save == null) {
                    chosen.forEach(this::printLine);
                } else {
                    throw new UsageException("--save takes one replica, but there are those of the partitions "
                            + partitions(chosen) + ": name one with --partition P.");
                }
            }
        }
        return ExitCode.OK;
    }

    private void show(StoredSnapshot stored, OutputFile save) {
        StoredSnapshot snapshot = stored.inMemory();
        Model model;
        try {
            model = snapshot.model(); // verifies the checksums
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new FailedException(
                    "Version " + snapshot.version() + " of partition " + snapshot.partition() + " cannot be used: "
                            + e.getMessage() + ". Older ones are shown with --version V.",
                    e);
        }
        print(snapshot, ModelKind.of(model).summary(model));
        if (save != null) {
            save.write(path -> write(snapshot, path));
            spec.commandLine().getOut().println("Saved to " + file + ".");
        }
    }

    /** The newest version of each replica, or the given version of the replicas that have it. */
    private List<StoredSnapshot> choose(MillraceConfig config, List<StoredSnapshot> all) {
        Map<Integer, List<StoredSnapshot>> replicas = all.stream()
                .collect(Collectors.groupingBy(StoredSnapshot::partition, TreeMap::new, Collectors.toList()));
        if (partition != null ? !replicas.containsKey(partition) : replicas.isEmpty()) {
            throw new FailedException("There is no snapshot of model " + config.modelName()
                    + (partition == null ? "" : ", partition " + partition) + ", in "
                    + config.topics().modelSnapshots() + " yet"
                    + (replicas.isEmpty() ? "." : "; there are snapshots of the partitions " + partitions(all) + "."));
        }
        if (partition != null) {
            return List.of(last(replicas.get(partition), version));
        }
        List<StoredSnapshot> chosen = replicas.values().stream()
                .filter(ours -> version == null || ours.stream().anyMatch(stored -> stored.version() == version))
                .map(ours -> last(ours, version))
                .toList();
        return chosen.isEmpty() ? List.of(last(all, version)) : chosen;
    }

    private static String partitions(List<StoredSnapshot> snapshots) {
        return snapshots.stream()
                .map(StoredSnapshot::partition)
                .distinct()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
    }

    /**
     * The last version in topic order: a number occurs again when its model is trained anew.
     *
     * @param ours at least one
     * @param version null for any
     */
    public static StoredSnapshot last(List<StoredSnapshot> ours, Long version) {
        return ours.stream()
                .filter(stored -> version == null || stored.version() == version)
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> new FailedException("There is no version " + version + "; there are "
                        + ours.stream()
                                .map(stored -> String.valueOf(stored.version()))
                                .distinct()
                                .collect(Collectors.joining(", "))
                        + "."));
    }

    private void print(StoredSnapshot snapshot, Map.Entry<String, String> summary) {
        PrintWriter out = spec.commandLine().getOut();
        ModelSnapshot head = snapshot.head();
        ModelSpec model = head.getSpec();
        line(out, "model", head.getModel() + ", partition " + head.getPartition());
        line(out, "version", head.getVersion() + " examples learned");
        line(out, "event time", Instant.ofEpochMilli(snapshot.streamTime()).toString());
        line(out, "task", model.getTask() + (model.getClasses().isEmpty() ? "" : ", classes " + model.getClasses()));
        line(out, summary.getKey(), summary.getValue());
        line(out, "parameters", head.getParameterCount() + " in " + head.getChunks() + " chunk(s)");
        line(out, "prequential", prequential(head.getEvaluation()));
        line(out, "sha256", head.getSha256());
        out.flush();
    }

    private void printLine(StoredSnapshot snapshot) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("partition " + snapshot.partition() + ": version " + snapshot.version() + ", event time "
                + Instant.ofEpochMilli(snapshot.streamTime()) + ", "
                + prequential(snapshot.head().getEvaluation()) + ", sha256 "
                + snapshot.head().getSha256());
        out.flush();
    }

    private static String prequential(Evaluation evaluation) {
        return evaluation == null || evaluation.getExamples() == 0
                ? "no example evaluated yet"
                : evaluation.getMetrics().entrySet().stream()
                                .map(metric ->
                                        String.format(Locale.ROOT, "%s %.5f", metric.getKey(), metric.getValue()))
                                .sorted()
                                .collect(Collectors.joining(", "))
                        + " over " + evaluation.getExamples() + " examples";
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-12s %s", name, value));
    }

    private static void write(StoredSnapshot snapshot, Path path) throws IOException {
        SnapshotFile.write(snapshot, Files.newOutputStream(path));
    }
}
