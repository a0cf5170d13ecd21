package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the chunks of versions in topic order. For one thread. */
public final class SnapshotAssembler {
    private record Version(int partition, long version) {}

    private final Map<Version, VersionChunks<ModelSnapshot>> incomplete = new HashMap<>();

    /**
     * Adds a chunk.
     *
     * @param chunk a chunk of any version of one model
     * @return all chunks of its version in order, if this was the last missing chunk
     */
    public Optional<List<ModelSnapshot>> add(ModelSnapshot chunk) {
        Version version = new Version(chunk.getPartition(), chunk.getVersion());
        if (chunk.getChunks() < 1 || chunk.getChunk() < 0 || chunk.getChunk() >= chunk.getChunks()) {
            return Optional.empty();
        }
        VersionChunks<ModelSnapshot> chunks = incomplete.computeIfAbsent(version, any -> new VersionChunks<>());
        chunks.put(chunk.getChunk(), chunk.getChunks(), chunk);
        if (!chunks.whole()) {
            return Optional.empty();
        }
        incomplete.keySet().removeIf(other -> other.partition() == version.partition());
        return Optional.of(chunks.parameters());
    }

    /** @param key key of a chunk that has been deleted */
    public void remove(ModelSnapshotKey key) {
        incomplete.remove(new Version(key.getPartition(), key.getVersion()));
    }
}
