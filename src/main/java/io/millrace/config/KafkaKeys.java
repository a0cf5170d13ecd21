package io.millrace.config;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The keys that belong to Kafka or to the schema registry's client. They pass through under their own names. A key may begin with
 * {@code train.} or {@code serve.}; then it applies to that role only.
 */
final class KafkaKeys {
    static final String TRAIN_PREFIX = "train.";
    static final String SERVE_PREFIX = "serve.";

    private static final ConfigDef CONSUMER = ConsumerConfig.configDef();
    private static final ConfigDef PRODUCER = ProducerConfig.configDef();
    private static final ConfigDef ADMIN = AdminClientConfig.configDef();
    private static final ConfigDef STREAMS = StreamsConfig.configDef();
    private static final Map<String, ConfigDef> PREFIXES = Map.of(
            StreamsConfig.CONSUMER_PREFIX, CONSUMER,
            StreamsConfig.MAIN_CONSUMER_PREFIX, CONSUMER,
            StreamsConfig.RESTORE_CONSUMER_PREFIX, CONSUMER,
            StreamsConfig.GLOBAL_CONSUMER_PREFIX, CONSUMER,
            StreamsConfig.PRODUCER_PREFIX, PRODUCER,
            StreamsConfig.ADMIN_CLIENT_PREFIX, ADMIN);
    private static final Set<String> REGISTRY = registryNames();
    /** Prefixes of keys that contain names of rules, which users choose. */
    private static final List<String> REGISTRY_PREFIXES = List.of("rule.executors.", "rule.actions.");

    private static final Set<String> TOPIC_LEVEL = topicLevelNames();

    private KafkaKeys() {}

    /** @return the key without its role prefix */
    static String withoutRole(String key) {
        if (key.startsWith(TRAIN_PREFIX)) {
            return key.substring(TRAIN_PREFIX.length());
        }
        return key.startsWith(SERVE_PREFIX) ? key.substring(SERVE_PREFIX.length()) : key;
    }

    /** @return whether a key applies to one role only */
    static boolean hasRole(String key) {
        return !withoutRole(key).equals(key);
    }

    /** @return whether Kafka Streams, one of its clients or the registry's client knows the key */
    static boolean known(String key) {
        String bare = withoutRole(key);
        return definition(bare) != null || isTopicLevel(bare) || isRegistry(key);
    }

    private static boolean isTopicLevel(String bare) {
        return bare.startsWith(StreamsConfig.TOPIC_PREFIX)
                && TOPIC_LEVEL.contains(bare.substring(StreamsConfig.TOPIC_PREFIX.length()));
    }

    /** All topic settings that Kafka's clients know: the constants of {@link TopicConfig}. */
    private static Set<String> topicLevelNames() {
        Set<String> names = new TreeSet<>();
        for (Field constant : TopicConfig.class.getFields()) {
            if (constant.getName().endsWith("_CONFIG")) {
                try {
                    names.add((String) constant.get(null));
                } catch (IllegalAccessException e) {
                    throw new AssertionError("a public constant", e);
                }
            }
        }
        return names;
    }

    /** @return the problems that Kafka's own validators find in these values, one sentence for each key */
    static List<String> problems(Map<String, String> values) {
        List<String> problems = new ArrayList<>();
        values.forEach((key, value) -> {
            String bare = withoutRole(key);
            ConfigDef definition = definition(bare);
            if (definition == null) {
                return;
            }
            String name = unprefixed(bare);
            ConfigValue checked =
                    definition.validateAll(new HashMap<>(Map.of(name, value))).get(name);
            if (checked != null) {
                problem(checked).ifPresent(text -> problems.add(name.equals(key) ? text : key + ": " + text));
            }
        });
        return problems;
    }

    /**
     * @return the first error message, without the user and password that a URL may contain; the messages after it are about the null
     *     that replaces a value of the wrong type
     */
    static Optional<String> problem(ConfigValue value) {
        return value.errorMessages().stream().findFirst().map(text -> text.replaceAll("//[^/\\s]*@", "//"));
    }

    /** @return the known names, to choose a suggestion from */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(STREAMS.names());
        names.addAll(REGISTRY);
        for (Map.Entry<String, ConfigDef> entry : PREFIXES.entrySet()) {
            names.addAll(entry.getValue().names());
            entry.getValue().names().forEach(name -> names.add(entry.getKey() + name));
        }
        TOPIC_LEVEL.forEach(name -> names.add(StreamsConfig.TOPIC_PREFIX + name));
        return names;
    }

    /** @return the settings that apply to both roles */
    static Map<String, String> common(Map<String, String> settings) {
        Map<String, String> result = new LinkedHashMap<>(settings);
        result.keySet().removeIf(KafkaKeys::hasRole);
        return result;
    }

    /** @return the settings that apply to one role: the common settings, overridden by those of the role */
    static Map<String, String> forRole(Map<String, String> settings, String rolePrefix) {
        Map<String, String> result = common(settings);
        settings.forEach((key, value) -> {
            if (key.startsWith(rolePrefix)) {
                result.put(key.substring(rolePrefix.length()), value);
            }
        });
        return result;
    }

    /** @return whether a plain consumer, producer or admin client knows the key, which has no prefix */
    static boolean isClientKey(String key) {
        return CONSUMER.names().contains(key)
                || PRODUCER.names().contains(key)
                || ADMIN.names().contains(key);
    }

    /** Both roles share one client of the registry, so its keys have no role prefix. */
    private static boolean isRegistry(String key) {
        return REGISTRY.contains(key) || REGISTRY_PREFIXES.stream().anyMatch(key::startsWith);
    }

    private static Set<String> registryNames() {
        Set<String> names =
                new TreeSet<>(AbstractKafkaSchemaSerDeConfig.baseConfigDef().names());
        // the client reads these keys without declaring them
        names.add(SchemaRegistryClientConfig.MISSING_CACHE_SIZE_CONFIG);
        names.add(SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG);
        names.add(SchemaRegistryClientConfig.MISSING_VERSION_CACHE_TTL_CONFIG);
        names.add(SchemaRegistryClientConfig.MISSING_SCHEMA_CACHE_TTL_CONFIG);
        return names;
    }

    private static ConfigDef definition(String bare) {
        for (Map.Entry<String, ConfigDef> entry : PREFIXES.entrySet()) {
            if (bare.startsWith(entry.getKey())) {
                boolean known = entry.getValue()
                        .names()
                        .contains(bare.substring(entry.getKey().length()));
                return known ? entry.getValue() : null;
            }
        }
        for (ConfigDef definition : List.of(STREAMS, CONSUMER, PRODUCER, ADMIN)) {
            if (definition.names().contains(bare)) {
                return definition;
            }
        }
        return null;
    }

    private static String unprefixed(String bare) {
        return PREFIXES.keySet().stream()
                .filter(bare::startsWith)
                .findFirst()
                .map(prefix -> bare.substring(prefix.length()))
                .orElse(bare);
    }
}
