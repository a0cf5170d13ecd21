package io.millrace.topology.training;

import io.millrace.learner.Learner;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.topology.cluster.Compaction;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.history.ResumePoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * The state store of a task's learner: the live object, which changes with every example, in front of a logged key-value store
 * of chunks, which {@link #checkpoint} brings up to date inside a commit. Chunk i has key i; key {@value #PUBLISHED} holds the
 * versions that are in the snapshots topic, key {@value #LINEAGE} the {@link Lineage}, which knows the next offset, key {@value #MODEL_NAME}
 * the name of the model, key {@value #BATCH_CHUNKS} how many chunks the open mini-batch has in its own store. An older Millrace noted the next offset under {@value #NEXT_INPUT}. A standby fills the chunks alone.
 */
public final class LearnerStore implements StateStore {
    /** Of the store, and so in the name of its changelog. */
    public static final String NAME = "learner";

    private static final int PUBLISHED = -1;
    public static final int LINEAGE = -2;
    public static final int NEXT_INPUT = -3;
    private static final int MODEL_NAME = -4;
    private static final int BATCH_CHUNKS = -5;

    private final KeyValueStore<Integer, byte[]> chunks;
    private Learner learner;
    private Lineage lineage;
    private boolean checkpointDue;
    private Replaced replaced;

    /**
     * A learner of another shape, that the live one has taken the place of.
     *
     * @param chunks of its state: at least as many as its weights had in a snapshot
     */
    record Replaced(int chunks, Lineage lineage) {}

    private LearnerStore(KeyValueStore<Integer, byte[]> chunks) {
        this.chunks = chunks;
    }

    public static StoreBuilder<LearnerStore> builder(String name) {
        return new Builder(
                Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.Integer(), Serdes.ByteArray())
                        .withCachingDisabled()
                        .withLoggingEnabled(Compaction.EAGER));
    }

    /**
     * Makes the live learner from what is stored, or a new one. To be called when a task starts: stored state is complete then,
     * and a live learner left over from a task that failed is dropped.
     *
     * @param model its name
     * @param reset whether a stored learner of another shape gives way to a new one
     * @throws OtherShapeException when there is one, and it does not
     * @throws OtherModelException when a model of another name is stored
     * @throws LostBatchException when the open mini-batch is not there any more
     */
    Learner open(
            Supplier<Learner> untrained,
            WindowStore<Integer, byte[]> miniBatches,
            int partition,
            String model,
            boolean reset) {
        byte[] name = chunks.get(MODEL_NAME); // null: none is stored, or an older Millrace stored it
        if (name != null && !model.equals(new String(name, StandardCharsets.UTF_8))) {
            throw new OtherModelException(new String(name, StandardCharsets.UTF_8), model);
        }
        learner = untrained.get();
        lineage = ResumePoint.lineage(chunks.get(LINEAGE), chunks.get(NEXT_INPUT));
        checkpointDue = false;
        replaced = null;
        byte[] first = chunks.get(0);
        if (first != null) {
            List<byte[]> stored = new ArrayList<>();
            byte[] chunk = first;
            for (int i = 1; chunk != null; i++) { // one that is missing ends them, whatever their number is said to be
                stored.add(chunk);
                chunk = i < StateReader.chunkCount(first) ? chunks.get(i) : null;
            }
            List<byte[]> batch = MiniBatches.chunks(miniBatches);
            stored.addAll(batch);
            try {
                restore(learner, stored);
                byte[] expected = chunks.get(BATCH_CHUNKS); // null: an older Millrace stored the state
                if (expected != null && batch.size() < ByteBuffer.wrap(expected).getInt()) {
                    throw new LostBatchException(partition);
                }
            } catch (OtherShapeException e) {
                if (!reset) {
                    throw e;
                }
                learner = untrained.get();
                replaced = new Replaced(StateReader.chunkCount(first), lineage);
                lineage = new Lineage();
                lineage.inputs().goOnFrom(replaced.lineage().inputs());
            }
        }
        return learner;
    }

    /** What the live learner has taken the place of, until the next checkpoint; null: of nothing. */
    Replaced replaced() {
        return replaced;
    }

    /** Makes a learner go on from what {@link #checkpoint} wrote. */
    public static void restore(Learner learner, List<byte[]> state) {
        int chunks = StateReader.chunkCount(state.get(0));
        if (chunks > state.size()) {
            throw new IllegalStateException("the saved state has " + state.size() + " chunks of " + chunks);
        }
        learner.restore(new StateReader(state.subList(0, chunks)));
        if (state.size() > chunks) {
            learner.restoreBatch(new StateReader(state.subList(chunks, state.size())));
        }
    }

    /** Returns true once after each checkpoint, for the first change since. */
    boolean changed() {
        if (checkpointDue) {
            return false;
        }
        checkpointDue = true;
        return true;
    }

    public Learner learner() {
        return learner;
    }

    public Lineage lineage() {
        return lineage;
    }

    /**
     * Writes the live learner and its open mini-batch to the logged stores.
     *
     * @param model its name
     * @return what was written: the chunks of the learner, then those of the mini-batch if one is open
     */
    List<byte[]> checkpoint(WindowStore<Integer, byte[]> miniBatches, String model) {
        StateWriter state = new StateWriter();
        learner.save(state);
        List<byte[]> written = state.chunks();
        for (int i = 0; i < written.size(); i++) {
            chunks.put(i, written.get(i));
        }
        deleteFrom(written.size());
        replaced = null;
        List<byte[]> waiting = List.of();
        if (learner.waiting() > 0) {
            StateWriter batch = new StateWriter();
            learner.saveBatch(batch);
            waiting = batch.chunks();
        }
        MiniBatches.put(miniBatches, learner.openedAt(), waiting);
        chunks.put(
                BATCH_CHUNKS,
                ByteBuffer.allocate(Integer.BYTES).putInt(waiting.size()).array());
        chunks.put(LINEAGE, lineage.toBytes());
        if (chunks.get(NEXT_INPUT) != null) {
            chunks.delete(NEXT_INPUT); // the lineage knows it now
        }
        chunks.put(MODEL_NAME, model.getBytes(StandardCharsets.UTF_8));
        checkpointDue = false;
        List<byte[]> all = new ArrayList<>(written);
        all.addAll(waiting);
        return all;
    }

    /** Deletes the chunks that a larger state has left behind. */
    private void deleteFrom(int count) {
        List<Integer> left = new ArrayList<>();
        try (KeyValueIterator<Integer, byte[]> behind = chunks.range(count, Integer.MAX_VALUE)) {
            behind.forEachRemaining(chunk -> left.add(chunk.key));
        }
        left.forEach(chunks::delete);
    }

    /** The versions in the snapshots topic, oldest first. */
    public List<Long> published() {
        List<Long> versions = new ArrayList<>();
        byte[] stored = chunks.get(PUBLISHED);
        if (stored != null) {
            ByteBuffer buffer = ByteBuffer.wrap(stored);
            while (buffer.hasRemaining()) {
                versions.add(buffer.getLong());
            }
        }
        return versions;
    }

    public void published(List<Long> versions) {
        ByteBuffer buffer = ByteBuffer.allocate(versions.size() * Long.BYTES);
        versions.forEach(buffer::putLong);
        chunks.put(PUBLISHED, buffer.array());
        chunks.put(LINEAGE, lineage.toBytes());
    }

    @Override
    public String name() {
        return chunks.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        chunks.init(context, root);
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        chunks.commit(changelogOffsets);
    }

    @Override
    public void close() {
        chunks.close();
        learner = null;
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return chunks.isOpen();
    }

    @Override
    public Position getPosition() {
        return chunks.getPosition();
    }

    /** A learner store is in memory, logged and uncached; there is nothing to choose. */
    private record Builder(StoreBuilder<KeyValueStore<Integer, byte[]>> chunks) implements StoreBuilder<LearnerStore> {
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
            return new Builder(chunks.withLoggingEnabled(config));
        }

        @Override
        public StoreBuilder<LearnerStore> withLoggingDisabled() {
            throw new UnsupportedOperationException("a learner that is not logged would forget");
        }

        @Override
        public LearnerStore build() {
            return new LearnerStore(chunks.build());
        }

        @Override
        public Map<String, String> logConfig() {
            return chunks.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return true;
        }

        @Override
        public String name() {
            return chunks.name();
        }
    }
}
