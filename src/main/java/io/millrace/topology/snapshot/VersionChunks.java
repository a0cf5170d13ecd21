package io.millrace.topology.snapshot;

import java.util.List;
import java.util.TreeMap;

/**
 * The chunks of one version, in whatever order they come. Takes as much memory as what has come, whatever the number of chunks is said to
 * be.
 *
 * @param <C> what is kept of a chunk
 */
final class VersionChunks<C> {
    /** @param count how many chunks of parameters its version is said to have */
    private record Part<C>(C kept, int count) {}

    private final TreeMap<Integer, Part<C>> byChunk = new TreeMap<>();

    /** Takes a chunk in; it replaces one of the same number. */
    void put(int chunk, int count, C kept) {
        byChunk.put(chunk, new Part<>(kept, count));
    }

    void remove(int chunk) {
        byChunk.remove(chunk);
    }

    boolean isEmpty() {
        return byChunk.isEmpty();
    }

    /** What is kept of a chunk; null: it has not come. */
    C get(int chunk) {
        Part<C> part = byChunk.get(chunk);
        return part == null ? null : part.kept();
    }

    /** The numbers of the chunks of parameters that have come. */
    Iterable<Integer> numbers() {
        return byChunk.tailMap(0).keySet();
    }

    /**
     * The chunks of parameters in order, as far as they have come: those from 0 on that agree with chunk 0 about their number. Others are
     * left from a model that was started anew under the same name.
     */
    List<C> parameters() {
        int count = count();
        return byChunk.subMap(0, count).values().stream()
                .filter(part -> part.count() == count)
                .map(Part::kept)
                .toList();
    }

    /** Whether all chunks of parameters have come. */
    boolean whole() {
        return count() > 0 && parameters().size() == count();
    }

    private int count() {
        Part<C> first = byChunk.get(0);
        return first == null ? 0 : Math.max(0, first.count());
    }
}
