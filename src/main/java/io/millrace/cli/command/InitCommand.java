package io.millrace.cli.command;

import io.millrace.cli.console.FailedException;
import io.millrace.cli.console.OutputFile;
import io.millrace.cli.console.UsageException;
import io.millrace.cli.console.Warnings;
import io.millrace.cli.topic.FoundConfiguration;
import io.millrace.cli.topic.TopicSample;
import io.millrace.cli.topic.TopicSurvey;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.startup.ClusterCheck;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the configuration for a topic that exists. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Looks at the schema and the newest records of a topic, and writes a configuration that learns it, with the reasons."
                        + " Changes nothing on the cluster.")
public final class InitCommand implements Callable<Integer> {
    private static final int MOST_SHOWN = 20;

    @Mixin
    private ClusterOptions cluster;

    @Option(
            names = "--topic",
            required = true,
            paramLabel = "TOPIC",
            description = "Topic of the records, in Avro or JSON.")
    private String topic;

    @Option(
            names = "--label",
            split = ",",
            paramLabel = "FIELD",
            description =
                    "Field that is to be predicted, for example order.status; several for several targets. Without"
                            + " it, the command lists the fields that could be it.")
    private List<String> labels = List.of();

    @Option(
            names = "--records",
            defaultValue = "50000",
            paramLabel = "N",
            description = "Maximum number of records to look at. Default: ${DEFAULT-VALUE}.")
    private int records;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "millrace.properties",
            paramLabel = "FILE",
            description = "File to write; an existing one is never overwritten. Default: ${DEFAULT-VALUE}.")
    private Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (records < 1) {
            throw new UsageException("--records must be at least 1, not " + records + ".");
        }
        if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException(output + " exists, and init overwrites no file. Name another one with --output.");
        }
        OutputFile file = new OutputFile("--output", output);
        file.requireWritable();
        Map<String, String> settings = cluster.settings();
        MillraceConfig config = MillraceConfig.of(ClusterOptions.withoutModel(settings));
        Warnings.print(spec, config.warnings());
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            cluster.check(() -> requireTopic(new ClusterCheck(config, List.of()).visibleTopics(serdes), config));
            TopicSurvey survey = new TopicSurvey(
                    topic,
                    TopicSample.newest(config, topic, records),
                    serdes,
                    labels.stream().map(String::strip).distinct().toList());
            FoundConfiguration found = new FoundConfiguration(survey, settings, serdes);
            file.write(path -> write(path, found.text()));
            print(found);
        }
        return ExitCode.OK;
    }

    private void requireTopic(Set<String> topics, MillraceConfig config) {
        if (topics.contains(topic)) {
            return;
        }
        List<String> others = topics.stream().sorted().toList();
        throw new FailedException("There is no topic " + topic + " at " + config.bootstrapServers()
                + ", or this user may not see it"
                + (others.isEmpty()
                        ? "."
                        : "; there are " + others.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "))
                                + (others.size() > MOST_SHOWN ? " and others." : ".")));
    }

    /** Settings that were given in a file may be secrets: then only the owner may read the new one. */
    private void write(Path path, String text) throws IOException {
        boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = cluster.namesFile() && posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        Files.createFile(path, owner);
        Files.writeString(path, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
    }

    private void print(FoundConfiguration found) {
        PrintWriter out = spec.commandLine().getOut();
        found.overview().forEach(out::println);
        out.println();
        found.undecided().forEach(sentence -> out.println("Not decided: " + sentence));
        out.println(
                found.undecided().isEmpty()
                        ? "Wrote " + output + ". Next: millrace run --config " + output
                        : "Wrote " + output + ". Decide what is not decided, then: millrace run --config " + output);
        out.flush();
    }
}
