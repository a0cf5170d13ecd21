package io.millrace.topology.history;

/** Training would continue at another place in the examples than the one where it stopped. */
public final class MovedOffsetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MovedOffsetException(String message) {
        super(message);
    }

    /** For a partition that ends before the offset at which its checkpoint continues. */
    public static MovedOffsetException ended(Object partition, long end, long next) {
        return new MovedOffsetException(
                partition + " ends before offset " + end + ", but the checkpoint continues at offset " + next
                        + ": the brokers have lost records that were learned. Restore them. Or accept the loss: set the offset of the"
                        + " consumer group with kafka-consumer-groups.sh --reset-offsets, and start with learn.from=committed.");
    }
}
