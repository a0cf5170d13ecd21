package io.millrace.cli.command;

import io.millrace.config.MillraceConfig;
import io.millrace.topology.cluster.ClusterNotReadyException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of the commands that need a cluster, but no model: the address of the cluster, or a configuration. */
final class ClusterOptions {
    private static final String BROKERS = "localhost:9092";
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
            description = "Kafka brokers; overrides the configuration. Default without one: " + BROKERS + ".")
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
        Map<String, String> settings =
                new LinkedHashMap<>(file == null ? overrides : MillraceConfig.read(file, overrides));
        put(settings, "bootstrap.servers", brokers);
        put(settings, "schema.registry.url", registry);
        if (file == null) {
            settings.putIfAbsent("bootstrap.servers", BROKERS);
            settings.putIfAbsent("schema.registry.url", REGISTRY);
        }
        return settings;
    }

    /** Checks the cluster. If it is not as expected and its address was not given in full, the exception says what was missing. */
    void check(Runnable cluster) {
        try {
            cluster.run();
        } catch (ClusterNotReadyException e) {
            throw new ClusterNotReadyException(e.getMessage() + missed(), e);
        }
    }

    private String missed() {
        if (file != null) {
            return "";
        }
        List<String> missing = new ArrayList<>();
        List<String> instead = new ArrayList<>();
        if (brokers == null && !overrides.containsKey("bootstrap.servers")) {
            missing.add("--bootstrap-server");
            instead.add("the brokers at " + BROKERS);
        }
        if (registry == null && !overrides.containsKey("schema.registry.url")) {
            missing.add("--schema-registry");
            instead.add("the schema registry at " + REGISTRY);
        }
        return missing.isEmpty()
                ? ""
                : " Not given: --config, " + String.join(", ", missing) + ". Looked for "
                        + String.join(" and ", instead) + "; demo --keep prints the addresses of a demo.";
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
