package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Model;
import java.util.List;
import java.util.function.Supplier;

/**
 * A whole version of a model as it stands in the snapshots topic. One that a {@link SnapshotTopic} gives leaves its parameters there
 * until they are asked for: a topic of many large versions fits into little memory.
 */
public final class StoredSnapshot {
    private final ModelSnapshot head;
    private final Supplier<List<ModelSnapshot>> chunks;
    private final long timestamp;

    /**
     * A version that is in memory.
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

    /** @return chunk 0, which carries the specification and the evaluation; its parameters are to be had from {@link #chunks} alone */
    public ModelSnapshot head() {
        return head;
    }

    /**
     * @return all chunks in order, read from the topic each time
     * @throws RecordsDeletedException when the version was deleted in the meantime
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

    /** @return examples learned */
    public long version() {
        return head.getVersion();
    }

    /** @return stream time when it was written, as far as the learner had got, ms: an older Millrace put it into the records' timestamps */
    public long streamTime() {
        return head().getStreamTime() >= 0 ? head().getStreamTime() : timestamp;
    }

    /**
     * Puts the model together.
     *
     * @return the model, checksums verified
     * @throws IllegalStateException when a checksum does not agree
     */
    public Model model() {
        return Snapshots.model(chunks());
    }
}
