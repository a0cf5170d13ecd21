package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Model;
import java.util.List;
import java.util.function.Supplier;

/**
 * A complete version of a model in the snapshots topic. A snapshot from {@link SnapshotTopic} reads its parameters only when they are
 * requested, so that a topic of many large versions needs little memory.
 */
public final class StoredSnapshot {
    private final ModelSnapshot head;
    private final Supplier<List<ModelSnapshot>> chunks;
    private final long timestamp;

    /**
     * Creates a version that is in memory.
     *
     * @param chunks its chunks in order
     * @param timestamp of its last record, ms
     */
    public StoredSnapshot(List<ModelSnapshot> chunks, long timestamp) {
        this(chunks.get(0), () -> chunks, timestamp);
    }

    /**
     * @param head chunk 0, with or without its parameters
     * @param chunks reads all chunks in order
     */
    StoredSnapshot(ModelSnapshot head, Supplier<List<ModelSnapshot>> chunks, long timestamp) {
        this.head = head;
        this.chunks = chunks;
        this.timestamp = timestamp;
    }

    /** @return chunk 0, which carries the specification and the evaluation; only {@link #chunks} always has its parameters */
    public ModelSnapshot head() {
        return head;
    }

    /**
     * @return all chunks in order, read from the topic each time
     * @throws RecordsDeletedException if the version was deleted in the meantime
     */
    public List<ModelSnapshot> chunks() {
        return chunks.get();
    }

    /** @return timestamp of its last record, ms */
    public long timestamp() {
        return timestamp;
    }

    /** @return the same, with its parameters in memory */
    public StoredSnapshot inMemory() {
        return new StoredSnapshot(chunks(), timestamp);
    }

    /** @return partition of the examples topic */
    public int partition() {
        return head.getPartition();
    }

    /** @return number of examples learned */
    public long version() {
        return head.getVersion();
    }

    /** @return the learner's stream time when the version was written, ms; an older Millrace stored it in the records' timestamps */
    public long streamTime() {
        return head().getStreamTime() >= 0 ? head().getStreamTime() : timestamp;
    }

    /**
     * Assembles the model.
     *
     * @return the model, checksums verified
     * @throws IllegalStateException when a checksum does not match
     */
    public Model model() {
        return Snapshots.model(chunks());
    }
}
