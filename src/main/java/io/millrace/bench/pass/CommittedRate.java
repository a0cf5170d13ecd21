package io.millrace.bench.pass;

import io.millrace.bench.workload.BenchException;
import io.millrace.config.MillraceConfig;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;

/** How fast a consumer group commits the records of a topic, from its first commit to its last one. */
public final class CommittedRate implements AutoCloseable {
    private static final long SAMPLE_NANOS = Duration.ofMillis(10).toNanos();
    private static final long STALL_NANOS = Duration.ofSeconds(60).toNanos();

    private final String group;
    private final String topic;
    private final Admin admin;

    /**
     * @param config of the cluster
     * @param group whose commits are read
     * @param topic in all its partitions
     */
    public CommittedRate(MillraceConfig config, String group, String topic) {
        this.group = group;
        this.topic = topic;
        admin = Admin.create(config.client());
    }

    /**
     * Waits until so many offsets are committed.
     *
     * @return offsets a second, after the first commit
     */
    public double until(long offsets) {
        long first = -1;
        long start = 0;
        long changed = System.nanoTime();
        for (long last = 0; ; ) {
            long now = committed();
            if (now > last && first < 0) {
                first = now;
                start = System.nanoTime();
            }
            if (now >= offsets) {
                return now > first ? (now - first) / ((System.nanoTime() - start) / 1e9) : Double.NaN;
            }
            if (now > last) {
                last = now;
                changed = System.nanoTime();
            } else if (System.nanoTime() - changed > STALL_NANOS) {
                throw new BenchException(group + " makes no progress at " + now + " of " + offsets + " records.");
            }
            LockSupport.parkNanos(SAMPLE_NANOS);
        }
    }

    private long committed() {
        try {
            return admin
                    .listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(entry ->
                            entry.getValue() != null && entry.getKey().topic().equals(topic))
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        } catch (ExecutionException e) {
            return 0; // the group does not exist yet, or a commit is under way
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("Interrupted.", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
