package io.millrace.topology.training;

/** The open mini-batch is missing from the state: without this exception, its waiting examples would be left out silently. */
public final class LostBatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostBatchException(int partition) {
        super("The open mini-batch of partition " + partition
                + " is missing, and with it examples that were read but not"
                + " learned yet: was the changelog of " + MiniBatches.NAME
                + " deleted? Restore that topic, or start over with another application.id.");
    }
}
