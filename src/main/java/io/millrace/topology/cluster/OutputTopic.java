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
 * What the brokers take for a topic that is written to: which timestamps, how much, and whether without a key. What is made of records that
 * others wrote is fitted to it, so that none of those stops an application.
 */
public final class OutputTopic {
    private static final Logger LOG = LoggerFactory.getLogger(OutputTopic.class);
    private static final int TIMEOUT_MS = 5000;

    /** Brokers' and clients' clocks differ, and answers wait to be sent. */
    private static final long MARGIN_MS = 60_000;

    /** Where nobody may look: what brokers take by default of the future, and as much of the past. */
    private static final long UNKNOWN_MS = 3_600_000;

    /** What brokers, and producers, take by default: a record with all around it. */
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

    /** Takes all that brokers take by default, and any timestamp. */
    public static OutputTopic any() {
        return new OutputTopic(null, null, Rules.NONE);
    }

    /**
     * Asks the brokers.
     *
     * @param client settings of a Kafka client
     */
    public static OutputTopic of(Map<String, Object> client, String name) {
        OutputTopic topic = new OutputTopic(client, name, Rules.UNKNOWN);
        topic.rules = topic.ask();
        return topic;
    }

    /** Null where nobody was asked. */
    public String name() {
        return name;
    }

    /** The timestamp itself when the brokers take it, else the time now; ms. */
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

    /** How large a record may be, in bytes, with all around it; never more than producers take by default. */
    public int maxBytes() {
        return rules.maxBytes();
    }

    /** Whether records without a key are refused, as a topic that is compacted does. */
    public boolean demandsKeys() {
        return rules.demandsKeys();
    }

    /**
     * The brokers have refused what was within the rules: they have been altered, or clocks differ by more than anybody thinks.
     *
     * @return whether that can be the reason, so that what is written will be fitted to others
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
