package io.millrace.topology;

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
 * Which timestamps of records the brokers take for a topic: those that lie not too long before and after their arrival. An answer bears
 * the timestamp of its request, unless that is refused; then the one at which it is given.
 */
final class TimestampLimits {
    private static final Logger LOG = LoggerFactory.getLogger(TimestampLimits.class);
    private static final int TIMEOUT_MS = 5000;

    /** Brokers' and clients' clocks differ, and answers wait to be sent. */
    private static final long MARGIN_MS = 60_000;

    /** Where nobody may look: what brokers take by default of the future, and as much of the past. */
    private static final long UNKNOWN_MS = 3_600_000;

    private final Map<String, Object> client;
    private final String topic;
    private volatile Span span;

    private record Span(long beforeMs, long afterMs) {
        private static final Span ANY = new Span(Long.MAX_VALUE, Long.MAX_VALUE);
        private static final Span UNKNOWN = new Span(UNKNOWN_MS, UNKNOWN_MS);
        private static final Span NONE = new Span(0, 0);
    }

    private TimestampLimits(Map<String, Object> client, String topic, Span span) {
        this.client = client;
        this.topic = topic;
        this.span = span;
    }

    /** Takes any. */
    static TimestampLimits none() {
        return new TimestampLimits(null, null, Span.ANY);
    }

    /**
     * Asks the brokers.
     *
     * @param client settings of a Kafka client
     */
    static TimestampLimits of(Map<String, Object> client, String topic) {
        TimestampLimits limits = new TimestampLimits(client, topic, Span.UNKNOWN);
        limits.span = limits.ask();
        return limits;
    }

    /** The timestamp itself when the brokers take it, else the time now; ms. */
    long within(long timestamp, long nowMs) {
        Span allowed = span;
        boolean taken = timestamp <= nowMs
                ? nowMs - timestamp <= withMargin(allowed.beforeMs())
                : timestamp - nowMs <= withMargin(allowed.afterMs());
        return taken ? timestamp : nowMs;
    }

    private static long withMargin(long limitMs) {
        return limitMs - Math.min(limitMs / 2, MARGIN_MS);
    }

    /**
     * The brokers have refused what was within the limits: they have been altered, or clocks differ by more than anybody thinks.
     *
     * @return whether that can be the reason, so that answers will bear other timestamps
     */
    boolean refused() {
        Span before = span;
        if (before.equals(Span.NONE)) {
            return false;
        }
        Span now = ask();
        span = now.equals(before) ? Span.NONE : now;
        LOG.warn(
                "Topic {} does not take the timestamps of its requests; answers bear such as it takes from now on",
                topic);
        return true;
    }

    private Span ask() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(settings)) {
            return span(admin.describeConfigs(List.of(resource))
                    .all()
                    .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .get(resource));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Span.UNKNOWN;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.info(
                    "The limits that topic {} sets to timestamps are not known ({}): answers to requests of more than an hour before or"
                            + " after now bear the time now",
                    topic,
                    AccessFault.root(e));
            return Span.UNKNOWN;
        }
    }

    private static Span span(Config config) {
        ConfigEntry type = config.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
        if (type != null && "LogAppendTime".equals(type.value())) {
            return Span.ANY; // the brokers put in their own
        }
        return new Span(
                ms(config, TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
                ms(config, TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG));
    }

    private static long ms(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? UNKNOWN_MS : Long.parseLong(entry.value());
    }
}
