package io.millrace.topology.snapshot;

import java.util.List;
import java.util.TreeMap;

/**
 * Collects the chunks of one version in any order. Uses memory only for the chunks that have arrived, whatever number of chunks the version claims.
 *
 * @param <C> type of what is kept of a chunk
 */
final class VersionChunks<C> {
    /** @param count number of parameter chunks that the version claims to have */
    private record Part<C>(C kept, int count) {}

    private final TreeMap<Integer, Part<C>> byChunk = new TreeMap<>();

    /** Adds a chunk, or replaces the chunk of the same number. */
    void put(int chunk, int count, C kept) {
        byChunk.put(chunk, new Part<>(kept, count));
    }

    void remove(int chunk) {
        byChunk.remove(chunk);
    }

    boolean isEmpty() {
        return byChunk.isEmpty();
    }

    /** What is kept of a chunk; null when it has not arrived. */
    C get(int chunk) {
        Part<C> part = byChunk.get(chunk);
        return part == null ? null : part.kept();
    }

    /** The numbers of the parameter chunks that have arrived. */
    Iterable<Integer> numbers() {
        return byChunk.tailMap(0).keySet();
    }

    /**
     * The parameter chunks that have arrived, in order: those that claim the same number of chunks as chunk 0, up to that number. Others
     * remain from a previous model of the same name.
     */
    List<C> parameters() {
        int count = count();
        return byChunk.subMap(0, count).values().stream()
                .filter(part -> part.count() == count)
                .map(Part::kept)
                .toList();
    }

    /** Whether all parameter chunks have arrived. */
    boolean whole() {
        return count() > 0 && parameters().size() == count();
    }

    private int count() {
        Part<C> first = byChunk.get(0);
        return first == null ? 0 : Math.max(0, first.count());
    }
}
