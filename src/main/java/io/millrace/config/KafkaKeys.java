package io.millrace.config;

import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Which keys belong to Kafka or to the schema registry's client, and pass through under their own names. A key may bear
 * {@code train.} or {@code serve.} in front, which gives it to one role alone.
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
    private static final Set<String> REGISTRY =
            AbstractKafkaSchemaSerDeConfig.baseConfigDef().names();
    private static final List<String> REGISTRY_PREFIXES =
            List.of("schema.registry.", "basic.auth.", "bearer.auth.", "rule.", "proxy.");
    private static final Set<String> TOPIC_LEVEL = Set.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            TopicConfig.SEGMENT_MS_CONFIG,
            TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            TopicConfig.RETENTION_MS_CONFIG,
            TopicConfig.RETENTION_BYTES_CONFIG,
            TopicConfig.COMPRESSION_TYPE_CONFIG);

    private KafkaKeys() {}

    /** @return the key without its role prefix */
    static String withoutRole(String key) {
        if (key.startsWith(TRAIN_PREFIX)) {
            return key.substring(TRAIN_PREFIX.length());
        }
        return key.startsWith(SERVE_PREFIX) ? key.substring(SERVE_PREFIX.length()) : key;
    }

    /** @return whether Kafka Streams, one of its clients or the registry's client knows the key */
    static boolean known(String key) {
        String bare = withoutRole(key);
        if (definition(bare) != null || isRegistry(bare)) {
            return true;
        }
        return bare.startsWith(StreamsConfig.TOPIC_PREFIX)
                && TOPIC_LEVEL.contains(bare.substring(StreamsConfig.TOPIC_PREFIX.length()));
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
                problems.addAll(checked.errorMessages());
            }
        });
        return problems;
    }

    /** @return known names to choose a suggestion from */
    static Set<String> names() {
        Set<String> names = new TreeSet<>(STREAMS.names());
        names.addAll(REGISTRY);
        for (Map.Entry<String, ConfigDef> entry : PREFIXES.entrySet()) {
            entry.getValue().names().forEach(name -> names.add(entry.getKey() + name));
        }
        return names;
    }

    /** @return those of the settings that one role hears: the common ones, then its own on top */
    static Map<String, String> forRole(Map<String, String> settings, String rolePrefix) {
        Map<String, String> result = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            if (withoutRole(key).equals(key)) {
                result.put(key, value);
            }
        });
        settings.forEach((key, value) -> {
            if (key.startsWith(rolePrefix)) {
                result.put(key.substring(rolePrefix.length()), value);
            }
        });
        return result;
    }

    /** @return whether a plain consumer, producer or admin client knows the key as it stands, without any prefix */
    static boolean isClientKey(String key) {
        return CONSUMER.names().contains(key)
                || PRODUCER.names().contains(key)
                || ADMIN.names().contains(key);
    }

    private static boolean isRegistry(String bare) {
        return REGISTRY.contains(bare) || REGISTRY_PREFIXES.stream().anyMatch(bare::startsWith);
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
