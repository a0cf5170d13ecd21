package io.millrace.topology.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the brokers accept for an output topic: the range of timestamps, the size of a record, and whether it needs a key. Output that is
 * derived from other people's records is adapted to these limits, so that no such record stops an application.
 */
public final class OutputTopic {
    private static final Logger LOG = LoggerFactory.getLogger(OutputTopic.class);
    private static final int TIMEOUT_MS = 5000;

    /** Margin for clocks that differ between brokers and clients, and for answers that wait to be sent. */
    private static final long MARGIN_MS = 60_000;

    /** Used when the settings cannot be read: the brokers' default limit for the future, and the same for the past. */
    private static final long UNKNOWN_MS = 3_600_000;

    /** Default limit of brokers and producers for a record with its overhead. */
    private static final int DEFAULT_MAX_BYTES = 1_048_576;

    private final Map<String, Object> client;
    private final String name;
    private volatile Rules rules;

    private record Rules(long beforeMs, long afterMs, int maxBytes, boolean demandsKeys) {
        private static final Rules NONE = new Rules(Long.MAX_VALUE, Long.MAX_VALUE, DEFAULT_MAX_BYTES, false);
        private static final Rules UNKNOWN = new Rules(UNKNOWN_MS, UNKNOWN_MS, DEFAULT_MAX_BYTES, false);

        private Rules strictest() {
            return new Rules(0, 0, maxBytes, demandsKeys || this.equals(UNKNOWN));
        }
    }

    private OutputTopic(Map<String, Object> client, String name, Rules rules) {
        this.client = client;
        this.name = name;
        this.rules = rules;
    }

    /** A topic that accepts what brokers accept by default, with any timestamp. */
    public static OutputTopic any() {
        return new OutputTopic(null, null, Rules.NONE);
    }

    /**
     * Reads the topic's settings from the brokers.
     *
     * @param client settings of a Kafka client
     */
    public static OutputTopic of(Map<String, Object> client, String name) {
        OutputTopic topic = new OutputTopic(client, name, Rules.UNKNOWN);
        topic.rules = topic.ask();
        return topic;
    }

    /** The topic's name; null when the brokers were not asked. */
    public String name() {
        return name;
    }

    /** The timestamp itself when the brokers accept it, else the current time; ms. */
    public long within(long timestamp, long nowMs) {
        Rules now = rules;
        boolean taken = timestamp <= nowMs
                ? nowMs - timestamp <= withMargin(now.beforeMs())
                : timestamp - nowMs <= withMargin(now.afterMs());
        return taken ? timestamp : nowMs;
    }

    private static long withMargin(long limitMs) {
        return limitMs - Math.min(limitMs / 2, MARGIN_MS);
    }

    /** Maximum size of a record with its overhead, in bytes; never more than producers accept by default. */
    public int maxBytes() {
        return rules.maxBytes();
    }

    /** Whether records without a key are refused, as in a compacted topic. */
    public boolean demandsKeys() {
        return rules.demandsKeys();
    }

    /**
     * Reads the settings again after the brokers refused a record that was within the known limits: the settings were changed, or clocks
     * differ by more than the margin.
     *
     * @return whether this can be the reason, and records are now adapted to other limits
     */
    public boolean refused() {
        Rules before = rules;
        if (before.equals(before.strictest())) {
            return false;
        }
        Rules now = ask();
        rules = now.equals(before) ? before.strictest() : now;
        LOG.warn("Topic {} refused a record: records are adapted to its settings from now on", name);
        return true;
    }

    private Rules ask() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        try (Admin admin = Admin.create(settings)) {
            return rules(admin.describeConfigs(List.of(resource))
                    .all()
                    .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .get(resource));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Rules.UNKNOWN;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.info(
                    "The settings of topic {} are not known ({}): records whose timestamp is more than an hour from now are"
                            + " written with the current time",
                    name,
                    AuthErrors.root(e));
            return Rules.UNKNOWN;
        }
    }

    private static Rules rules(Config config) {
        boolean brokersTime = "LogAppendTime".equals(value(config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, ""));
        return new Rules(
                brokersTime
                        ? Long.MAX_VALUE
                        : number(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, UNKNOWN_MS),
                brokersTime
                        ? Long.MAX_VALUE
                        : number(config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, UNKNOWN_MS),
                (int) Math.min(
                        DEFAULT_MAX_BYTES, number(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, DEFAULT_MAX_BYTES)),
                value(config, TopicConfig.CLEANUP_POLICY_CONFIG, "").contains(TopicConfig.CLEANUP_POLICY_COMPACT));
    }

    private static long number(Config config, String setting, long unknown) {
        return Long.parseLong(value(config, setting, String.valueOf(unknown)));
    }

    private static String value(Config config, String setting, String unknown) {
        ConfigEntry entry = config.get(setting);
        return entry == null || entry.value() == null ? unknown : entry.value();
    }
}
