package io.millrace.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The Kafka Streams properties of the two roles. Configured values override these defaults, except for properties that a role
 * requires.
 */
public final class StreamsProperties {
    /** Each commit delays answers by some milliseconds. After a crash, requests since the last commit are answered again. */
    private static final String SERVING_COMMIT_INTERVAL_MS = "5000";
    /** Records fetched and buffered ahead: larger than Streams' 1000, so that a small network does not wait for polls. */
    private static final String RECORDS_AHEAD = "4000";
    /** A partition has only one fetch in flight. Kafka's 1 MiB holds 300 examples of 784 features, and a wait follows each fetch. */
    public static final int FETCH_BYTES = 4 << 20;
    /** A poll without records is that long, and a commit that is due waits for its end. Kafka Streams' 100 ms would be seen by users. */
    private static final String POLL_MS = "20";
    /**
     * A task reads one partition, so there is no other one whose records it could wait for. Kafka Streams' 0 makes it look for one before each
     * record, which takes 5 % of the time of a small network.
     */
    private static final String WAITS_FOR_NO_OTHER = String.valueOf(StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    /** -1 lets the operating system choose and adapt the size. Kafka's 64 KiB needs sixteen reads for a mebibyte. */
    private static final String SYSTEM_BUFFER = "-1";

    /** The intake's commits send what waits, so this only fills batches in between. */
    private static final String INTAKE_LINGER_MS = "20";

    private static final String INTAKE_BATCH_BYTES = String.valueOf(256 << 10);

    /** How long a killed member keeps its partitions. Kafka's 45 s is too long where one process is the whole group. */
    private static final String SESSION_TIMEOUT_MS = "10000";

    private static final String HEARTBEAT_INTERVAL_MS = "3000";

    /** This will be the default in Kafka 5. The name of the setting is already deprecated. */
    private static final String HANDLE_GLOBAL_EXCEPTIONS = "processing.exception.handler.global.enabled";

    private StreamsProperties() {}

    /** @return properties of training: exactly_once_v2, a checkpoint every {@code commit.interval.ms} */
    public static Properties training(MillraceConfig config) {
        Properties properties = configured(config, KafkaKeys.TRAIN_PREFIX);
        putDefault(
                properties,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                String.valueOf(CommitPlan.intervalMs(config.learner())));
        long intervalMs = Long.parseLong(properties.getProperty(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG));
        putDefault(
                properties,
                StreamsConfig.PRODUCER_PREFIX,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(CommitPlan.transactionTimeoutMs(intervalMs)));
        putDefault(
                properties, StreamsConfig.MAIN_CONSUMER_PREFIX, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_AHEAD);
        putDefault(properties, StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, RECORDS_AHEAD);
        putDefault(properties, StreamsConfig.POLL_MS_CONFIG, POLL_MS);
        putDefault(
                properties,
                StreamsConfig.MAIN_CONSUMER_PREFIX,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                String.valueOf(FETCH_BYTES));
        putDefault(properties, StreamsConfig.MAIN_CONSUMER_PREFIX, ConsumerConfig.RECEIVE_BUFFER_CONFIG, SYSTEM_BUFFER);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        return identified(properties, config, config.applicationId().training());
    }

    /** @return whether the interval between training's commits is configured */
    public static boolean fixesCommits(MillraceConfig config) {
        return KafkaKeys.forRole(config.kafka(), KafkaKeys.TRAIN_PREFIX)
                .containsKey(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG);
    }

    /**
     * @return settings of the intake's consumer: those of training's consumer, in a group of its own, without offsets that it commits or
     *     moves by itself. The assignor is not among them
     */
    public static Map<String, Object> intakeConsumer(MillraceConfig config) {
        String id = config.applicationId().intake();
        Map<String, Object> consumer =
                new StreamsConfig(training(config)).getMainConsumerConfigs(id, id + "-consumer", 0);
        consumer.keySet()
                .removeIf(key -> StreamsConfig.configDef().names().contains(key)
                        && !ConsumerConfig.configNames().contains(key));
        consumer.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic"); // the assignor belongs to it
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return consumer;
    }

    /** @return settings of the intake's transactional producer: those of training's producers, with larger batches */
    public static Map<String, Object> intakeProducer(MillraceConfig config) {
        Properties properties = training(config);
        putDefault(properties, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.LINGER_MS_CONFIG, INTAKE_LINGER_MS);
        putDefault(properties, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.BATCH_SIZE_CONFIG, INTAKE_BATCH_BYTES);
        String id = config.applicationId().intake();
        Map<String, Object> producer = new StreamsConfig(properties).getProducerConfigs(id + "-producer");
        producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        return producer;
    }

    /** @return whether training begins at the end of an examples topic that it has not read yet, as auto.offset.reset says */
    public static boolean startsAtEnd(MillraceConfig config) {
        Properties properties = training(config);
        String key = ConsumerConfig.AUTO_OFFSET_RESET_CONFIG;
        String unprefixed = properties.getProperty(key, "earliest");
        String consumer = properties.getProperty(StreamsConfig.consumerPrefix(key), unprefixed);
        return properties
                .getProperty(StreamsConfig.mainConsumerPrefix(key), consumer)
                .equals("latest");
    }

    /** @return properties of serving: at_least_once, answers are sent at once, uncommitted records are not read */
    public static Properties serving(MillraceConfig config) {
        Properties properties = configured(config, KafkaKeys.SERVE_PREFIX);
        putDefault(properties, StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, SERVING_COMMIT_INTERVAL_MS);
        putDefault(properties, StreamsConfig.PRODUCER_PREFIX, ProducerConfig.LINGER_MS_CONFIG, "0");
        putDefault(properties, StreamsConfig.CONSUMER_PREFIX, ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // at_least_once leaves the global consumer at read_uncommitted: it would see weights of aborted transactions
        properties.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG), "read_committed");
        return identified(properties, config, config.applicationId().serving());
    }

    /** @return how long an application that is told to stop may take */
    public static Duration stopTime(MillraceConfig config) {
        return Duration.ofMillis(CommitPlan.stopMs(config.learner()));
    }

    private static Properties configured(MillraceConfig config, String rolePrefix) {
        Properties properties = new Properties();
        properties.putAll(KafkaKeys.forRole(config.kafka(), rolePrefix));
        putDefault(properties, StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");
        putDefault(properties, HANDLE_GLOBAL_EXCEPTIONS, "true");
        putDefault(properties, StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, WAITS_FOR_NO_OTHER);
        putDefault(
                properties,
                StreamsConfig.MAIN_CONSUMER_PREFIX,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_TIMEOUT_MS);
        putDefault(
                properties,
                StreamsConfig.MAIN_CONSUMER_PREFIX,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                HEARTBEAT_INTERVAL_MS);
        return properties;
    }

    /**
     * Sets a default under a client's prefix, unless the key is configured under that prefix, under a wider one or without a prefix. A
     * default with a prefix would override the last two.
     */
    private static void putDefault(Properties properties, String prefix, String key, String value) {
        boolean wider = prefix.equals(StreamsConfig.MAIN_CONSUMER_PREFIX)
                && properties.containsKey(StreamsConfig.consumerPrefix(key));
        if (!properties.containsKey(key) && !wider) {
            putDefault(properties, prefix + key, value);
        }
    }

    private static void putDefault(Properties properties, String key, String value) {
        properties.putIfAbsent(key, value);
    }

    private static Properties identified(Properties properties, MillraceConfig config, String id) {
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, id);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
        return properties;
    }

    /** @return settings of a consumer that reads only what training committed */
    public static Map<String, Object> committedReader(MillraceConfig config) {
        return committedReader(config.client());
    }

    /**
     * @param client settings of a client, for example of one role
     * @return the same settings for a consumer that reads only what training committed
     */
    public static Map<String, Object> committedReader(Map<String, Object> client) {
        Map<String, Object> consumer = new HashMap<>(client);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        // if retention has deleted the next record, continue with the first one left; Kafka's default jumps to the end
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return consumer;
    }
}
