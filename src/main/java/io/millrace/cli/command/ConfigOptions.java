package io.millrace.cli.command;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.training.LearnerSpecs;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of the commands that use a cluster. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "Configuration, see topology/millrace.properties.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides a setting of the configuration. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    MillraceConfig load() {
        MillraceConfig config = MillraceConfig.load(file, overrides);
        LearnerSpecs.of(config.learner()); // refuses layers that cannot be connected, before anything starts
        return config;
    }
}
