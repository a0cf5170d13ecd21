package io.millrace.bench.place;

import io.millrace.bench.workload.Workload;
import io.millrace.config.MillraceConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a benchmark measures, and under which names.
 *
 * @param name with which all that it creates begins
 * @param directory for local state
 * @param bootstrapServers brokers, host:port
 * @param registryUrl schema registry
 */
public record BenchPlace(String name, String directory, String bootstrapServers, String registryUrl) {
    /**
     * The configuration of one pass. Passes share only the topic of examples, so each begins at offset 0.
     *
     * @param workload model and overrides
     * @param pass a name without blanks
     */
    public MillraceConfig config(Workload workload, String pass) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("state.dir", Path.of(directory, "state").toString());
        settings.putAll(workload.settings());
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("schema.registry.url", registryUrl);
        settings.put("application.id", name + "-" + pass);
        settings.put("topics.prefix", name + "-");
        for (String topic : List.of(
                "features", "predictions", "validation-losses", "model-snapshots", "dead-letters", "learning-log")) {
            settings.put("topics." + topic.replace('-', '.'), pass + "-" + topic);
        }
        return MillraceConfig.of(settings);
    }
}
