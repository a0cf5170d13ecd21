package io.millrace.topology.training;

import io.millrace.learner.Learner;
import io.millrace.topology.cluster.Compaction;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The state store of a task's learners: the live learners in front of a logged key-value store of their chunks. A commit updates the chunks
 * of the learners that have changed. Keys have room for many models in a task; today there is one, {@link StoreKey#ONLY}. A standby fills
 * only the chunks.
 */
public final class LearnerStore implements StateStore {
    /** Name of the store, which is a part of the name of its changelog. */
    public static final String NAME = "learner";

    private final KeyValueStore<StoreKey, byte[]> items;
    private final Map<String, StoredLearner> learners = new LinkedHashMap<>();
    private final Set<StoredLearner> changed = new LinkedHashSet<>();

    private LearnerStore(KeyValueStore<StoreKey, byte[]> items) {
        this.items = items;
    }

    public static StoreBuilder<LearnerStore> builder(String name) {
        return new Builder(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), StoreKey.SERDE, Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Compaction.EAGER));
    }

    /**
     * Opens a model, as {@link StoredLearner#StoredLearner} does. If a failed task has left a live learner with that key, it is dropped.
     */
    StoredLearner open(
            String key,
            String model,
            Supplier<Learner> untrained,
            WindowStore<StoreKey, byte[]> miniBatches,
            int partition,
            boolean reset) {
        changed.remove(learners.remove(key));
        StoredLearner opened = new StoredLearner(items, miniBatches, key, model, untrained, partition, reset);
        learners.put(key, opened);
        return opened;
    }

    /** All models that were opened. */
    Iterable<StoredLearner> all() {
        return learners.values();
    }

    /** The model with this key; null when it was not opened. */
    public StoredLearner get(String key) {
        return learners.get(key);
    }

    /** Marks a model as changed. Returns whether it is the first one since the last checkpoint. */
    boolean changed(StoredLearner learner) {
        return changed.add(learner) && changed.size() == 1;
    }

    /** Returns the models that have changed since the last checkpoint, and clears the marks, because a checkpoint is being written. */
    List<StoredLearner> takeChanged() {
        List<StoredLearner> due = List.copyOf(changed);
        changed.clear();
        return due;
    }

    @Override
    public String name() {
        return items.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        items.init(context, root);
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        items.commit(changelogOffsets);
    }

    @Override
    public void close() {
        items.close();
        learners.clear();
        changed.clear();
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return items.isOpen();
    }

    @Override
    public Position getPosition() {
        return items.getPosition();
    }

    /** Builds learner stores, which are in memory, logged and not cached; there are no options. */
    private record Builder(StoreBuilder<KeyValueStore<StoreKey, byte[]>> items) implements StoreBuilder<LearnerStore> {
        @Override
        public StoreBuilder<LearnerStore> withCachingEnabled() {
            throw new UnsupportedOperationException("the learner's live arrays are its cache");
        }

        @Override
        public StoreBuilder<LearnerStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<LearnerStore> withLoggingEnabled(Map<String, String> config) {
            return new Builder(items.withLoggingEnabled(config));
        }

        @Override
        public StoreBuilder<LearnerStore> withLoggingDisabled() {
            throw new UnsupportedOperationException("without a changelog, a learner would lose its state at a restart");
        }

        @Override
        public LearnerStore build() {
            return new LearnerStore(items.build());
        }

        @Override
        public Map<String, String> logConfig() {
            return items.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return true;
        }

        @Override
        public String name() {
            return items.name();
        }
    }
}
