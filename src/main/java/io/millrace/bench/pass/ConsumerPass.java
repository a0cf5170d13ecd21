package io.millrace.bench.pass;

import io.millrace.bench.workload.BenchException;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;

/** A bare consumer that only counts records: the highest rate at which Kafka delivers to one thread. */
public final class ConsumerPass {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long STALL_NANOS = Duration.ofSeconds(60).toNanos();

    private ConsumerPass() {}

    /**
     * Reads from offset 0, with the consumer settings of training.
     *
     * @param records how many
     * @return records a second, from the first fetch to the last record
     * @throws BenchException when records do not arrive
     */
    public static double run(MillraceConfig config, long records) {
        String topic = config.topics().examples();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings(config), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            partitions.forEach(consumer::position); // seeks are lazy, and finding an offset does not count as reading
            long start = System.nanoTime();
            long last = start;
            long count = 0;
            while (count < records) {
                int polled = consumer.poll(POLL).count();
                long now = System.nanoTime();
                if (polled > 0) {
                    last = now;
                    count += polled;
                } else if (now - last > STALL_NANOS) {
                    throw new BenchException(
                            "Only " + count + " of " + records + " examples arrived from " + topic + ".");
                }
            }
            return count / ((last - start) / 1e9);
        }
    }

    private static Map<String, Object> settings(MillraceConfig config) {
        Map<String, Object> settings = new StreamsConfig(StreamsProperties.training(config))
                .getMainConsumerConfigs(
                        config.applicationId().name() + "-consumer",
                        config.applicationId().name(),
                        0);
        settings.remove(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG); // only valid inside Kafka Streams
        return settings;
    }
}
