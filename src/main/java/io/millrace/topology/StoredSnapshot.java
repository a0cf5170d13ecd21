package io.millrace.topology;

import io.millrace.avro.ModelSnapshot;
import io.millrace.learner.Model;
import java.util.List;

/**
 * A whole version of a model as it stands in the snapshots topic.
 *
 * @param chunks its chunks in order
 * @param timestamp of its last record, ms
 */
public record StoredSnapshot(List<ModelSnapshot> chunks, long timestamp) {
    /** @return chunk 0, which carries the specification and the evaluation */
    public ModelSnapshot head() {
        return chunks.get(0);
    }

    /** @return partition of the examples topic */
    public int partition() {
        return head().getPartition();
    }

    /** @return examples learned */
    public long version() {
        return head().getVersion();
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
        return Snapshots.model(chunks);
    }
}
