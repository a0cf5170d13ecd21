package io.millrace.cli.command;

import io.millrace.cli.console.Warnings;
import io.millrace.config.MillraceConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** Loads the configuration and prints its warnings. */
    MillraceConfig load() {
        MillraceConfig config = MillraceConfig.load(file, overrides);
        Warnings.print(spec, config.warnings());
        return config;
    }
}
