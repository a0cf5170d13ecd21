package io.millrace.config;

import java.util.Comparator;
import java.util.Set;

/** Finds the known key that is nearest to an unknown one. */
final class KeySuggestions {
    private static final int MAX_TYPOS = 3;

    private KeySuggestions() {}

    /**
     * @param own names of Millrace's settings
     * @return a sentence that refuses the key and suggests the nearest known key, if one is near
     */
    static String unknownKey(String key, Set<String> own) {
        Set<String> names = KafkaKeys.names();
        if (KafkaKeys.hasRole(key)) {
            names.removeAll(own);
        } else {
            names.addAll(own);
        }
        String bare = KafkaKeys.withoutRole(key);
        String rolePrefix = key.substring(0, key.length() - bare.length());
        return names.stream()
                .min(Comparator.comparingInt(name -> distance(bare, name)))
                .filter(name -> distance(bare, name) <= MAX_TYPOS)
                .map(name -> "Unknown setting " + key + ": did you mean " + rolePrefix + name + "?")
                .orElse("Unknown setting " + key + ": neither Millrace nor Kafka knows it. docs/configuration.md lists"
                        + " Millrace's; settings of Kafka's clients take the prefix consumer. or producer.");
    }

    /** Levenshtein distance: insertions, deletions and substitutions from one text to the other. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
