package io.millrace.cli.command;

import io.millrace.cli.console.UsageException;
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

    /**
     * Loads the configuration for a command that writes {@code Example} or {@code Features} records.
     *
     * @throws UsageException when the configuration declares the features of other records
     */
    MillraceConfig loadForExamples() {
        MillraceConfig config = load();
        if (config.learner().declaration() != null) {
            throw new UsageException("The configuration declares features, so its topics hold records of your own."
                    + " This command writes Example and Features records: write yours with a producer of your own.");
        }
        return config;
    }

    MillraceConfig load() {
        MillraceConfig config = MillraceConfig.load(file, overrides);
        Warnings.print(spec, config.warnings());
        return config;
    }
}
