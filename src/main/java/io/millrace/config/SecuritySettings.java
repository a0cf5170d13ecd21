package io.millrace.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds TLS and SASL settings that Kafka and the registry's client would accept but never use: such a password protects nothing. */
final class SecuritySettings {
    private static final String PROTOCOL = "security.protocol";
    private static final String JAAS = "sasl.jaas.config";
    private static final String BEARER_SOURCE = "bearer.auth.credentials.source";
    private static final String STATIC_TOKEN = "STATIC_TOKEN";
    private static final String TRUSTSTORE = "ssl.truststore.location";

    private SecuritySettings() {}

    /** @return one sentence for each setting without effect; it never contains a value, which may be a secret */
    static List<String> problems(Map<String, String> kafka, List<String> registryUrls) {
        List<String> problems = new ArrayList<>();
        String source = kafka.getOrDefault(RegistryUser.SOURCE, "URL");
        if (!source.equals("SASL_INHERIT")) {
            unused(kafka, JAAS, protocol -> protocol.startsWith("SASL_"), "SASL_SSL", problems);
        }
        unused(kafka, TRUSTSTORE, protocol -> protocol.endsWith("SSL"), "SSL or SASL_SSL", problems);
        checkRegistry(kafka, registryUrls, source, problems);
        return problems;
    }

    /** Reports settings that some client reads while no client uses the protocol that they are for. Prefixes make no difference. */
    private static void unused(
            Map<String, String> kafka, String setting, Predicate<String> protocol, String advice, List<String> to) {
        List<String> given = kafka.keySet().stream()
                .filter(key -> named(key, setting) && !key.startsWith("schema.registry."))
                .toList();
        boolean used = kafka.entrySet().stream()
                .anyMatch(entry -> named(entry.getKey(), PROTOCOL)
                        && protocol.test(entry.getValue().toUpperCase(Locale.ROOT)));
        if (!given.isEmpty() && !used) {
            to.add(String.join(", ", given) + " has no effect while " + PROTOCOL + " is "
                    + kafka.getOrDefault(PROTOCOL, "PLAINTEXT") + ": set " + PROTOCOL + "=" + advice + ".");
        }
    }

    private static boolean named(String key, String setting) {
        return key.equals(setting) || key.endsWith("." + setting);
    }

    private static void checkRegistry(
            Map<String, String> kafka, List<String> urls, String source, List<String> problems) {
        Set<String> users = urls.stream()
                .map(url -> RegistryUser.of(List.of(url)).get(RegistryUser.USER))
                .filter(user -> user != null)
                .collect(Collectors.toSet());
        if (users.size() > 1) {
            problems.add("The URLs in " + Settings.SCHEMA_REGISTRY_URL + " name different users: name one.");
        }
        String bearer = kafka.getOrDefault(BEARER_SOURCE, STATIC_TOKEN);
        if (!bearer.equals(STATIC_TOKEN)) {
            problems.add(BEARER_SOURCE + "=" + bearer
                    + " is not possible: the registry's client needs classes for it that"
                    + " Kafka 4 no longer has. Use " + STATIC_TOKEN + " with bearer.auth.token, or basic.auth.");
        }
        if (kafka.containsKey(RegistryUser.USER) && !source.equals("USER_INFO")) {
            problems.add(RegistryUser.USER + " has no effect while " + RegistryUser.SOURCE + " is " + source + ": set "
                    + RegistryUser.SOURCE + "=USER_INFO.");
        } else if (!users.isEmpty() && !source.equals("URL")) {
            problems.add(Settings.SCHEMA_REGISTRY_URL + " names a user, but " + RegistryUser.SOURCE + " is " + source
                    + ": remove one of the two.");
        }
    }
}
