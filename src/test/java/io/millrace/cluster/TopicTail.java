package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic of one partition while others write to it, and remembers at which offset it saw what. */
final class TopicTail implements AutoCloseable {
    private final Cluster cluster;
    private final MillraceConfig config;
    private final String topic;
    private final Map<Long, Integer> seen = new ConcurrentSkipListMap<>();
    private final Thread thread;
    private volatile boolean closed;

    private TopicTail(Cluster cluster, MillraceConfig config, String topic, String isolation) {
        this.cluster = cluster;
        this.config = config;
        this.topic = topic;
        thread = new Thread(() -> read(isolation), "tail-" + topic);
        thread.start();
    }

    /** Sees what is committed. */
    static TopicTail committed(Cluster cluster, MillraceConfig config, String topic) {
        return new TopicTail(cluster, config, topic, "read_committed");
    }

    /** Sees what is written, as soon as it is written, whatever becomes of it. */
    static TopicTail uncommitted(Cluster cluster, MillraceConfig config, String topic) {
        return new TopicTail(cluster, config, topic, "read_uncommitted");
    }

    private void read(String isolation) {
        Map<String, Object> settings = new HashMap<>(StreamsProperties.committedReader(config));
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "20");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partition = List.of(new TopicPartition(topic, 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            while (!closed) {
                consumer.poll(Duration.ofMillis(20))
                        .forEach(record -> seen.put(record.offset(), Arrays.hashCode(record.value())));
            }
        }
    }

    int count() {
        return seen.size();
    }

    /** Waits for the next record to come into sight. */
    void awaitNext() {
        int before = count();
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (count() == before && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
    }

    /** Asserts that it never saw a record that is not in the topic for good. */
    void assertSawNothingElseThanIsCommitted() {
        Map<Long, Integer> committed = committedNow();
        Cluster.await("the end of " + topic, () -> count() >= committed.size());
        assertThat(seen).isEqualTo(committed);
    }

    /** Records that it saw and that were aborted afterwards. */
    long aborted() {
        Map<Long, Integer> committed = committedNow();
        return seen.keySet().stream()
                .filter(offset -> !committed.containsKey(offset))
                .count();
    }

    private Map<Long, Integer> committedNow() {
        Map<Long, Integer> committed = new HashMap<>();
        cluster.read(config, topic, new ByteArrayDeserializer())
                .forEach(record -> committed.put(record.offset(), Arrays.hashCode(record.value())));
        return committed;
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
