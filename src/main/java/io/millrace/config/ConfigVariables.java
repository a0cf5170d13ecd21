package io.millrace.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Replaces variables in values. Kafka's config providers ({@code config.providers}, <code>${provider:...}</code>) work for every key. */
final class ConfigVariables {
    private ConfigVariables() {}

    /**
     * @return the settings with each variable that a provider knows replaced by its value; the settings of the providers are left out
     * @throws InvalidConfigException when a provider cannot be used
     */
    static Map<String, String> resolved(Map<String, String> settings) {
        try {
            Map<String, String> resolved = new LinkedHashMap<>();
            new AbstractConfig(new ConfigDef(), settings, false)
                    .originals()
                    .forEach((key, value) -> resolved.put(key, String.valueOf(value)));
            resolved.keySet().removeIf(key -> key.equals("config.providers") || key.startsWith("config.providers."));
            return resolved;
        } catch (ConfigException e) {
            throw new InvalidConfigException(List.of(e.getMessage()));
        }
    }

    /**
     * Finds variables that their provider does not know. Kafka leaves such a variable as it is, so a password would be sent as
     * ${env:PASSWORD}.
     *
     * @return one sentence for each of them
     */
    static List<String> unresolved(Map<String, String> settings, Map<String, String> resolved) {
        List<String> problems = new ArrayList<>();
        for (String provider :
                settings.getOrDefault("config.providers", "").strip().split("\\s*,\\s*")) {
            Pattern variable = Pattern.compile("\\$\\{" + Pattern.quote(provider) + ":[^}]*}");
            resolved.forEach((key, value) -> {
                Matcher left = variable.matcher(value);
                if (!provider.isEmpty() && left.find()) {
                    problems.add(key + " refers to " + left.group() + ", which the config provider " + provider
                            + " does not know.");
                }
            });
        }
        return problems;
    }
}
