package io.millrace.topology.history;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.header.Headers;

/** What the brokers know about the examples topic. Training asks when a task starts, and when offsets are not consecutive. */
public interface ExamplesTopic {
    /** For a topology that runs without brokers: every record follows the one before. */
    ExamplesTopic UNKNOWN = new ExamplesTopic() {
        @Override
        public String id() {
            return "";
        }

        @Override
        public long beginning(int partition) {
            return 0;
        }

        @Override
        public long end(int partition) {
            return Long.MAX_VALUE;
        }

        @Override
        public boolean holdsRecords(int partition, long from, long to) {
            return false;
        }

        @Override
        public boolean madeAnew(int partition, ResumePoint next) {
            return false;
        }

        @Override
        public Map<Long, Headers> headers(int partition, List<Long> offsets) {
            return Map.of();
        }

        @Override
        public boolean tookJump(int partition) {
            return false;
        }

        @Override
        public void jumps(InvalidOffsetException fault) {
            throw new IllegalStateException("without brokers no consumer can lose its place", fault);
        }
    };

    /** Kafka's id of the topic; empty when it is not known. A topic that is deleted and recreated gets another id. */
    String id();

    /** The first offset of a partition that has not been deleted. */
    long beginning(int partition);

    /** The offset after the last committed record of a partition. */
    long end(int partition);

    /**
     * Whether there is a committed record from {@code from} on, before {@code to}.
     *
     * @throws RecordsDeletedException when {@code from} is deleted in the meantime
     */
    boolean holdsRecords(int partition, long from, long to);

    /**
     * Whether a partition cannot be the one that an older Millrace read: it ends earlier, or it has another record at the last offset that
     * was read.
     */
    boolean madeAnew(int partition, ResumePoint next);

    /** The headers of some records, by offset, of those that still exist. */
    Map<Long, Headers> headers(int partition, List<Long> offsets);

    /** Whether the consumer has lost its position in a partition since the last call. */
    boolean tookJump(int partition);

    /** Notes that a consumer is about to jump to another position, because its offset does not exist. */
    void jumps(InvalidOffsetException fault);
}
