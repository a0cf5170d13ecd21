package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers the chunks of versions as they come in topic order. For one thread. */
public final class SnapshotAssembler {
    private record Version(int partition, long version) {}

    /** What has come of a version: as much memory as that takes, whatever the number of chunks is said to be. */
    private record Parts(int count, SortedMap<Integer, ModelSnapshot> byChunk) {}

    private final Map<Version, Parts> incomplete = new HashMap<>();

    /**
     * Takes a chunk in.
     *
     * @param chunk a chunk of any version of one model
     * @return all chunks of its version in order, when this was the last one missing
     */
    public Optional<List<ModelSnapshot>> add(ModelSnapshot chunk) {
        Version version = new Version(chunk.getPartition(), chunk.getVersion());
        if (chunk.getChunks() < 1 || chunk.getChunk() < 0 || chunk.getChunk() >= chunk.getChunks()) {
            return Optional.empty();
        }
        Parts parts = incomplete.get(version);
        if (parts == null || parts.count() != chunk.getChunks()) {
            parts = new Parts(chunk.getChunks(), new TreeMap<>());
            incomplete.put(version, parts);
        }
        parts.byChunk().put(chunk.getChunk(), chunk);
        if (parts.byChunk().size() < parts.count()) {
            return Optional.empty();
        }
        incomplete.keySet().removeIf(other -> other.partition() == version.partition());
        return Optional.of(List.copyOf(parts.byChunk().values()));
    }

    /** @param key key of a chunk that has been deleted */
    public void remove(ModelSnapshotKey key) {
        incomplete.remove(new Version(key.getPartition(), key.getVersion()));
    }
}
