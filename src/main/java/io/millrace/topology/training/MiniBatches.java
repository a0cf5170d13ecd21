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
 * The window store of open mini-batches. It has one record for each chunk of the waiting examples, in the window that begins when the
 * mini-batch was opened. A model has at most one open window.
 */
public final class MiniBatches {
    /** Name of the store, which is a part of the name of its changelog. */
    public static final String NAME = "mini-batches";

    /**
     * Retention without limit: a model that is started over may learn from older examples than the previous model, and with a limit the
     * store would drop their window.
     */
    private static final Duration RETENTION = Duration.ofMillis(Long.MAX_VALUE);

    /** Latest start of a window; a later one is stored as this one, because adding the window's length to it would overflow. */
    private static final long LATEST_START = Long.MAX_VALUE / 2;

    private MiniBatches() {}

    public static StoreBuilder<WindowStore<StoreKey, byte[]>> builder(String name, long windowMs) {
        return Stores.windowStoreBuilder(
                        Stores.inMemoryWindowStore(name, RETENTION, Duration.ofMillis(windowMs), false),
                        StoreKey.SERDE,
                        Serdes.ByteArray())
                .withCachingDisabled()
                // not "compact,delete": an open mini-batch must outlive any pause of the stream
                .withLoggingEnabled(Compaction.EAGER);
    }

    /** Replaces the stored chunks of a model; an empty list means that no mini-batch is open. */
    static void put(WindowStore<StoreKey, byte[]> store, String model, long openedAt, List<byte[]> chunks) {
        long start = Math.min(openedAt, LATEST_START);
        for (KeyValue<Windowed<StoreKey>, byte[]> entry : entries(store, model)) {
            Windowed<StoreKey> key = entry.key;
            if (key.window().start() != start || key.key().item() >= chunks.size()) {
                store.put(key.key(), null, key.window().start());
            }
        }
        for (int i = 0; i < chunks.size(); i++) {
            store.put(new StoreKey(model, i), chunks.get(i), start);
        }
    }

    /** Returns the chunks of a model's open mini-batch in order; empty when none is open. */
    public static List<byte[]> chunks(WindowStore<StoreKey, byte[]> store, String model) {
        return entries(store, model).stream().map(entry -> entry.value).toList();
    }

    private static List<KeyValue<Windowed<StoreKey>, byte[]>> entries(
            WindowStore<StoreKey, byte[]> store, String model) {
        List<KeyValue<Windowed<StoreKey>, byte[]>> entries = new ArrayList<>();
        StoreKey first = new StoreKey(model, 0);
        StoreKey last = new StoreKey(model, Integer.MAX_VALUE);
        try (KeyValueIterator<Windowed<StoreKey>, byte[]> all = store.fetch(first, last, 0, Long.MAX_VALUE)) {
            all.forEachRemaining(entries::add);
        }
        entries.removeIf(entry -> !entry.key.key().model().equals(model));
        return entries;
    }
}
