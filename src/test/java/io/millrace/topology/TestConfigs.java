package io.millrace.topology;

import io.millrace.config.MillraceConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small configurations for tests. */
public final class TestConfigs {
    private TestConfigs() {}

    /** Two features, classes no and yes, batches of 4, a registry in this JVM. */
    public static Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", "localhost:1");
        settings.put("schema.registry.url", "mock://topology");
        settings.put("topics.prefix", "");
        settings.put("model.inputs", "2");
        settings.put("model.classes", "no,yes");
        settings.put("model.hidden", "8");
        settings.put("batch.size", "4");
        settings.put("learning.rate", "0.05");
        settings.put("validation.report.examples", "10");
        settings.put("snapshot.state.max.bytes", "0"); // a snapshot is its weights alone
        return settings;
    }

    /** {@link #settings} with some of them changed: key, value, key, value... */
    public static MillraceConfig with(String... changes) {
        Map<String, String> settings = settings();
        if (Arrays.asList(changes).contains("model.layers")) {
            settings.remove("model.hidden");
        }
        return changed(settings, changes);
    }

    /** {@link #with} for an ensemble. */
    public static MillraceConfig ensemble(String... changes) {
        Map<String, String> settings = settings();
        settings.keySet().removeAll(List.of("model.hidden", "batch.size", "learning.rate"));
        settings.put("model.kind", "ensemble");
        if (Arrays.asList(changes).contains("features")) {
            settings.remove("model.inputs");
        }
        return changed(settings, changes);
    }

    /** {@link #with} for records whose features are declared. */
    public static MillraceConfig declared(String... changes) {
        Map<String, String> settings = settings();
        settings.remove("model.inputs");
        if (Arrays.asList(changes).contains("model.layers")) {
            settings.remove("model.hidden");
        }
        return changed(settings, changes);
    }

    private static MillraceConfig changed(Map<String, String> settings, String... changes) {
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        return MillraceConfig.of(settings);
    }
}
