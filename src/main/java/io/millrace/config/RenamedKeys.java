package io.millrace.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Settings that were renamed. Millrace still reads the old names, in configurations and in the settings that snapshots carry. */
final class RenamedKeys {
    private static final Map<String, String> NEW_NAMES = Map.of(
            "optimizer.adam.rho1", "optimizer.adam.beta1",
            "optimizer.adam.rho2", "optimizer.adam.beta2",
            "optimizer.adam.delta", "optimizer.adam.epsilon",
            "optimizer.adamw.rho1", "optimizer.adamw.beta1",
            "optimizer.adamw.rho2", "optimizer.adamw.beta2",
            "optimizer.adamw.delta", "optimizer.adamw.epsilon",
            "optimizer.adagrad.delta", "optimizer.adagrad.epsilon",
            "optimizer.rmsprop.delta", "optimizer.rmsprop.epsilon",
            "optimizer.rmsprop.delta.inside.sqrt", "optimizer.rmsprop.epsilon.inside.sqrt");

    private RenamedKeys() {}

    /** @return old name to new name, in a fixed order */
    static Map<String, String> names() {
        return new TreeMap<>(NEW_NAMES);
    }

    /** @return the same settings under their current names */
    static Map<String, String> renamed(Map<String, String> settings) {
        Map<String, String> renamed = new TreeMap<>();
        settings.forEach((key, value) -> renamed.put(name(key), value));
        return renamed;
    }

    /** The current name of a setting. */
    static String name(String key) {
        return NEW_NAMES.getOrDefault(key, key);
    }

    /** @return the settings with the overrides. An override replaces its setting even if one uses the old name and the other the new one */
    static Map<String, String> overridden(Map<String, String> settings, Map<String, String> overrides) {
        Set<String> names = renamed(overrides).keySet();
        Map<String, String> overridden = new LinkedHashMap<>(settings);
        overridden.keySet().removeIf(key -> names.contains(name(key)));
        overridden.putAll(overrides);
        return overridden;
    }

    /** @return one sentence for each setting that is given by both its old and its new name */
    static List<String> problems(Map<String, String> settings) {
        List<String> problems = new ArrayList<>();
        old(settings).forEach((old, now) -> {
            if (settings.containsKey(now)) {
                problems.add(old + " is the old name of " + now + ", and both are set: remove " + old + ".");
            }
        });
        return problems;
    }

    /** @return one sentence for each setting that is given by its old name */
    static List<String> warnings(Map<String, String> settings) {
        List<String> warnings = new ArrayList<>();
        old(settings).forEach((old, now) -> warnings.add(old + " is the old name of " + now + ": use the new one."));
        return warnings;
    }

    private static Map<String, String> old(Map<String, String> settings) {
        Map<String, String> old = names();
        old.keySet().retainAll(settings.keySet());
        return old;
    }
}
