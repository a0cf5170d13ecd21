package io.millrace.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Configurations of tests: the least that is needed, and changes to it. */
final class Configs {
    private Configs() {}

    static Map<String, String> settings(String... changes) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("bootstrap.servers", "localhost:9092");
        settings.put("schema.registry.url", "http://localhost:8081");
        settings.put("model.inputs", "8");
        settings.put("model.classes", "no,yes");
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] == null) {
                settings.remove(changes[i]);
            } else {
                settings.put(changes[i], changes[i + 1]);
            }
        }
        return settings;
    }

    /** Keys and values by turns; a null takes a setting away. */
    static MillraceConfig config(String... changes) {
        return MillraceConfig.of(settings(changes));
    }

    static List<String> problems(String... changes) {
        InvalidConfigException refusal =
                catchThrowableOfType(InvalidConfigException.class, () -> MillraceConfig.of(settings(changes)));
        return refusal == null ? List.of() : refusal.problems();
    }
}
