package io.millrace.cli.command;

import io.millrace.cli.console.UsageException;
import io.millrace.config.MillraceConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of the commands that need a cluster, but no model: the address of the cluster, or a configuration. */
final class ClusterOptions {
    private static final String REGISTRY = "http://localhost:8081";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description =
                    "Configuration, for the cluster, its security and the topics; the model's settings may be left out.")
    private Path file;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers; overrides the configuration.")
    private String brokers;

    @Option(
            names = "--schema-registry",
            paramLabel = "URL",
            description = "Schema registry; overrides the configuration. Default without one: " + REGISTRY + ".")
    private String registry;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Overrides a setting of the configuration. May be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    /** Whether there is a file of settings, which may hold secrets. */
    boolean namesFile() {
        return file != null;
    }

    /** The settings as they are given, not checked. */
    Map<String, String> settings() {
        if (file == null && brokers == null) {
            throw new UsageException("Name the cluster: --bootstrap-server HOST:PORT, or --config FILE.");
        }
        Map<String, String> settings =
                new LinkedHashMap<>(file == null ? overrides : MillraceConfig.read(file, overrides));
        put(settings, "bootstrap.servers", brokers);
        put(settings, "schema.registry.url", registry);
        if (file == null) {
            settings.putIfAbsent("schema.registry.url", REGISTRY);
        }
        return settings;
    }

    /** Sets what is required and not used, since the command needs no model. */
    static Map<String, String> withoutModel(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        if (!all.containsKey("model.inputs") && !all.containsKey("features")) {
            all.put("model.task", "regression");
            all.put("model.inputs", "1");
        }
        return all;
    }

    static void put(Map<String, String> settings, String key, String value) {
        if (value != null) {
            settings.put(key, value);
        }
    }
}
