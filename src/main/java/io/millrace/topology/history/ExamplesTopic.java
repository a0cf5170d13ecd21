package io.millrace.topology.history;

import org.apache.kafka.clients.consumer.InvalidOffsetException;

/** What the brokers say of the examples topic; asked when a task starts, and where offsets do not follow one another. */
public interface ExamplesTopic {
    /** Nobody to ask: every record follows the one before. For a topology that runs without brokers. */
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
        public boolean tookJump(int partition) {
            return false;
        }

        @Override
        public void jumps(InvalidOffsetException fault) {
            throw new IllegalStateException("without brokers no consumer can lose its place", fault);
        }
    };

    /** Kafka's id of the topic, which one that is deleted and made anew does not keep; empty when it is not known. */
    String id();

    /** The first offset of a partition that is left. */
    long beginning(int partition);

    /** The offset after the last committed record of a partition. */
    long end(int partition);

    /**
     * Whether there is a committed record from {@code from} on, before {@code to}.
     *
     * @throws RecordsDeletedException when {@code from} is deleted meanwhile
     */
    boolean holdsRecords(int partition, long from, long to);

    /** Whether a partition cannot be the one that an older Millrace read: it ends earlier, or holds another record where that read last. */
    boolean madeAnew(int partition, ResumePoint next);

    /** Whether the consumer has lost its place in a partition since this was asked last. */
    boolean tookJump(int partition);

    /** A consumer has lost its place and is about to jump: the offset that it wanted is not there. */
    void jumps(InvalidOffsetException fault);
}
