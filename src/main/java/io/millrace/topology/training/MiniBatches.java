package io.millrace.topology.training;

import io.millrace.topology.cluster.Compaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The window store of open mini-batches: for each chunk of the block that holds the waiting examples one record, in the window
 * that begins where the mini-batch was opened. At most one window is open in a task.
 */
public final class MiniBatches {
    /** Of the store, and so in the name of its changelog. */
    public static final String NAME = "mini-batches";

    /** For ever: a model that begins anew may learn from older examples than the one before, and the store would drop their window. */
    private static final Duration RETENTION = Duration.ofMillis(Long.MAX_VALUE);

    /** A later start of a window is written as this one: the store cannot add a window's length to all of them. */
    private static final long LATEST_START = Long.MAX_VALUE / 2;

    private MiniBatches() {}

    public static StoreBuilder<WindowStore<Integer, byte[]>> builder(String name, long windowMs) {
        return Stores.windowStoreBuilder(
                        Stores.inMemoryWindowStore(name, RETENTION, Duration.ofMillis(windowMs), false),
                        Serdes.Integer(),
                        Serdes.ByteArray())
                .withCachingDisabled()
                // not "compact,delete": an open mini-batch must outlive any pause of the stream
                .withLoggingEnabled(Compaction.EAGER);
    }

    /** Replaces what is stored; no chunks: no mini-batch is open. */
    static void put(WindowStore<Integer, byte[]> store, long openedAt, List<byte[]> chunks) {
        long start = Math.min(openedAt, LATEST_START);
        for (Windowed<Integer> key : keys(store)) {
            if (key.window().start() != start || key.key() >= chunks.size()) {
                store.put(key.key(), null, key.window().start());
            }
        }
        for (int i = 0; i < chunks.size(); i++) {
            store.put(i, chunks.get(i), start);
        }
    }

    /** The chunks of the open mini-batch in order; empty when none is open. */
    public static List<byte[]> chunks(WindowStore<Integer, byte[]> store) {
        List<byte[]> chunks = new ArrayList<>();
        try (KeyValueIterator<Windowed<Integer>, byte[]> all = store.all()) {
            all.forEachRemaining(entry -> chunks.add(entry.value));
        }
        return chunks;
    }

    private static List<Windowed<Integer>> keys(WindowStore<Integer, byte[]> store) {
        List<Windowed<Integer>> keys = new ArrayList<>();
        try (KeyValueIterator<Windowed<Integer>, byte[]> all = store.all()) {
            all.forEachRemaining((KeyValue<Windowed<Integer>, byte[]> entry) -> keys.add(entry.key));
        }
        return keys;
    }
}
