package io.millrace.bench.pass;

import io.millrace.bench.workload.BenchException;
import io.millrace.config.MillraceConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;

/**
 * Times an exactly-once application over the examples, in the same way for every application: from the first processed
 * record to the end of the transaction that commits the last one. Start and rebalance do not count. An application with
 * nothing left to read would wait for its commit interval. Therefore it is told to close as soon as it has processed
 * the last record, and commits then. The committed offset is checked.
 *
 * <p>This class observes through Kafka's own metrics, which cost the application nothing.
 */
public final class StreamsPass {
    private static final long SAMPLE_NANOS = Duration.ofMillis(1).toNanos();
    private static final long STALL_NANOS = Duration.ofSeconds(60).toNanos();
    private static final long ASK_AGAIN_MS = 20;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private final String what;
    private final KafkaStreams streams;
    private final MillraceConfig config;
    private final String group;
    private Metric processed;
    private Metric commitNanos;

    /**
     * @param what the application's name in messages
     * @param streams an application with one thread, not started
     * @param config its configuration
     */
    public StreamsPass(String what, KafkaStreams streams, MillraceConfig config) {
        this.what = what;
        this.streams = streams;
        this.config = config;
        group = config.applicationId().training();
    }

    /**
     * Runs and closes the application.
     *
     * @param records when to stop
     * @param all whether the topic holds no other records, so that exactly this many must have been committed
     * @return records a second
     * @throws BenchException when it fails or makes no progress
     */
    public double run(long records, boolean all) {
        try {
            streams.start();
            awaitProcessed(1);
            long start = System.nanoTime();
            long before = (long) value(processed);
            awaitProcessed(records);
            long end = awaitLastCommit();
            long count = (long) value(processed) - before;
            if (!streams.close(CLOSE_TIMEOUT)) {
                throw new BenchException(
                        what + " was told to close and had not after " + CLOSE_TIMEOUT.toSeconds() + " s.");
            }
            requireCommitted(records, all);
            return count / ((end - start) / 1e9);
        } finally {
            streams.close(CLOSE_TIMEOUT);
        }
    }

    /**
     * Waits until the running application has processed so many records.
     *
     * @throws BenchException when it fails or makes no progress
     */
    public void awaitProcessed(long records) {
        double last = 0;
        long lastChange = System.nanoTime();
        while (true) {
            double now = processed == null && !findMetrics() ? 0 : value(processed);
            if (now >= records) {
                return;
            }
            if (now != last) {
                last = now;
                lastChange = System.nanoTime();
            }
            requireAlive(lastChange, (long) now, records);
            LockSupport.parkNanos(SAMPLE_NANOS);
        }
    }

    /** @return when the transaction that contains the last record was committed */
    private long awaitLastCommit() {
        double committed = value(commitNanos);
        long seen = System.nanoTime();
        streams.close(Duration.ZERO); // begins to close, and returns at once
        while (streams.state() != KafkaStreams.State.NOT_RUNNING) {
            double now = value(commitNanos);
            if (now != committed) {
                committed = now;
                return System.nanoTime();
            }
            requireAlive(seen, 0, 0);
            LockSupport.parkNanos(SAMPLE_NANOS);
        }
        return seen; // there was nothing left to commit
    }

    private boolean findMetrics() {
        for (Metric metric : streams.metrics().values()) {
            String group = metric.metricName().group();
            switch (metric.metricName().name()) {
                case "process-total" -> processed = group.equals("stream-thread-metrics") ? metric : processed;
                case "txn-commit-time-ns-total" -> commitNanos = metric;
                default -> {}
            }
        }
        return processed != null && commitNanos != null;
    }

    private static double value(Metric metric) {
        return ((Number) metric.metricValue()).doubleValue();
    }

    private void requireAlive(long lastChange, long now, long records) {
        if (streams.state() == KafkaStreams.State.ERROR) {
            throw new BenchException(what + " stopped with an error, see the log above.");
        }
        if (System.nanoTime() - lastChange > STALL_NANOS) {
            throw new BenchException(what + " makes no progress at " + now + " of " + records + " examples.");
        }
    }

    private List<TopicPartition> partitions(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        String topic = config.topics().learned();
        return admin
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get(STALL_NANOS, TimeUnit.NANOSECONDS)
                .get(topic)
                .partitions()
                .stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private void requireCommitted(long records, boolean all) {
        try (Admin admin = Admin.create(config.client())) {
            long offset = committed(admin).values().stream()
                    .filter(Objects::nonNull)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
            if (offset < records || all && offset != records) {
                throw new BenchException(what + " committed offset " + offset + " where " + records + " was expected.");
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("The committed offset of " + what + " cannot be read: " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        }
    }

    /**
     * Asks until the answer has all partitions. A commit is answered before its markers have reached the offsets, and as long as these are on the
     * way, the client (4.3.1) leaves a partition out of the answer of stable offsets. One without a committed offset is there, with null.
     */
    private Map<TopicPartition, OffsetAndMetadata> committed(Admin admin)
            throws ExecutionException, InterruptedException, TimeoutException {
        List<TopicPartition> partitions = partitions(admin);
        ListConsumerGroupOffsetsOptions stable = new ListConsumerGroupOffsetsOptions().requireStable(true);
        ListConsumerGroupOffsetsSpec named = new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
        long asked = System.nanoTime();
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                            Map.of(group, named), stable)
                    .partitionsToOffsetAndMetadata(group)
                    .get(STALL_NANOS, TimeUnit.NANOSECONDS);
            if (offsets.keySet().containsAll(partitions)) {
                return offsets;
            }
            if (System.nanoTime() - asked > STALL_NANOS) {
                throw new TimeoutException("a transaction that has been committed is still open");
            }
            TimeUnit.MILLISECONDS.sleep(ASK_AGAIN_MS);
        }
    }
}
