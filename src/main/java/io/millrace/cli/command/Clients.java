package io.millrace.cli.command;

import io.millrace.config.MillraceConfig;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Settings of the commands' own Kafka clients. */
public final class Clients {
    private Clients() {}

    /** A producer for many small records. */
    public static Map<String, Object> producer(MillraceConfig config) {
        Map<String, Object> settings = config.client();
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, "20");
        settings.putIfAbsent(ProducerConfig.BATCH_SIZE_CONFIG, String.valueOf(128 * 1024));
        return settings;
    }

    /** A producer that sends every record at once. */
    public static Map<String, Object> promptProducer(MillraceConfig config) {
        Map<String, Object> settings = config.client();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        return settings;
    }
}
