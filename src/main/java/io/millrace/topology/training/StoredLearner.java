package io.millrace.topology.training;

import io.millrace.learner.Learner;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.history.ResumePoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.WindowStore;

/**
 * One model of a task: its live learner, which changes with every example, and the state that {@link #checkpoint} has written. Chunk i of
 * the state is item i. Item {@value #PUBLISHED} holds the versions in the snapshots topic, item {@value #LINEAGE} the {@link Lineage},
 * which contains the next offset, item {@value #MODEL_NAME} the name of the model, and item {@value #BATCH_CHUNKS} the number of chunks of
 * the open mini-batch, which are in their own store. An older Millrace stored the next offset in item {@value #NEXT_INPUT}.
 */
public final class StoredLearner {
    private static final int PUBLISHED = -1;
    public static final int LINEAGE = -2;
    public static final int NEXT_INPUT = -3;
    private static final int MODEL_NAME = -4;
    private static final int BATCH_CHUNKS = -5;

    private final KeyValueStore<StoreKey, byte[]> items;
    private final WindowStore<StoreKey, byte[]> miniBatches;
    private final String key;
    private final String model;
    private Learner learner;
    private Lineage lineage;
    private Replaced replaced;
    private RecordLearner records;
    private long written; // bytes

    /**
     * A learner of another shape that the live learner has replaced.
     *
     * @param chunks number of chunks of its state: at least as many as its weights had in a snapshot
     */
    record Replaced(int chunks, Lineage lineage) {}

    /**
     * Restores the live learner from the stored state, or creates a new one. Call this when a task starts, because then the stored state is complete.
     *
     * @param key name of the model in the stores
     * @param model name of the model
     * @param reset whether a new learner replaces a stored one of another shape
     * @throws OtherShapeException when a learner of another shape is stored and is not replaced
     * @throws OtherModelException when a model of another name is stored
     * @throws LostBatchException when the open mini-batch is missing
     */
    StoredLearner(
            KeyValueStore<StoreKey, byte[]> items,
            WindowStore<StoreKey, byte[]> miniBatches,
            String key,
            String model,
            Supplier<Learner> untrained,
            int partition,
            boolean reset) {
        this.items = items;
        this.miniBatches = miniBatches;
        this.key = key;
        this.model = model;
        byte[] name = get(MODEL_NAME); // null when nothing is stored, or when an older Millrace stored it
        if (name != null && !model.equals(new String(name, StandardCharsets.UTF_8))) {
            throw new OtherModelException(new String(name, StandardCharsets.UTF_8), model);
        }
        learner = untrained.get();
        lineage = ResumePoint.lineage(get(LINEAGE), get(NEXT_INPUT));
        byte[] first = get(0);
        if (first == null) {
            return;
        }
        List<byte[]> batch = MiniBatches.chunks(miniBatches, key);
        List<byte[]> state = new ArrayList<>(stored(first));
        state.addAll(batch);
        try {
            restore(learner, state);
            byte[] expected = get(BATCH_CHUNKS); // null when an older Millrace stored the state
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

    /** Returns the chunks of the stored state up to the first missing one, whatever number of chunks is stored. */
    private List<byte[]> stored(byte[] first) {
        List<byte[]> stored = new ArrayList<>();
        byte[] chunk = first;
        for (int i = 1; chunk != null; i++) {
            stored.add(chunk);
            chunk = i < StateReader.chunkCount(first) ? get(i) : null;
        }
        return stored;
    }

    /** Restores a learner from the state that {@link #checkpoint} wrote. */
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

    /** The state of a learner, as {@link #restore} reads it: its chunks, then those of the mini-batch if one is open. */
    public static List<byte[]> save(Learner learner) {
        StateWriter state = new StateWriter();
        learner.save(state);
        List<byte[]> chunks = new ArrayList<>(state.chunks());
        if (learner.waiting() > 0) {
            StateWriter batch = new StateWriter();
            learner.saveBatch(batch);
            chunks.addAll(batch.chunks());
        }
        return chunks;
    }

    public Learner learner() {
        return learner;
    }

    /** Sets what gives records to the learner. */
    void records(RecordLearner learnerOfRecords) {
        records = learnerOfRecords;
    }

    /** What gives records to the learner. */
    RecordLearner records() {
        return records;
    }

    public Lineage lineage() {
        return lineage;
    }

    /** The learner that the live learner has replaced, until the next checkpoint; null when there is none. */
    Replaced replaced() {
        return replaced;
    }

    /**
     * Writes the live learner and its open mini-batch to the logged stores: those chunks of the learner that have changed. Waits until all
     * records are learned.
     *
     * @return all chunks: those of the learner, then those of the mini-batch if one is open
     */
    List<byte[]> checkpoint() {
        if (records != null) { // null: nothing gives it records
            records.await();
        }
        List<byte[]> state = save(learner);
        int chunks = StateReader.chunkCount(state.get(0));
        written = 0;
        for (int i = 0; i < chunks; i++) {
            if (!Arrays.equals(
                    get(i),
                    state.get(i))) { // kept copies of weights, and tables of which few rows are met, stay the same
                put(i, state.get(i));
                written += state.get(i).length;
            }
        }
        deleteFrom(chunks);
        replaced = null;
        List<byte[]> waiting = state.subList(chunks, state.size());
        MiniBatches.put(miniBatches, key, learner.openedAt(), waiting);
        put(
                BATCH_CHUNKS,
                ByteBuffer.allocate(Integer.BYTES).putInt(waiting.size()).array());
        put(LINEAGE, lineage.toBytes());
        if (get(NEXT_INPUT) != null) {
            put(NEXT_INPUT, null); // the lineage contains it now
        }
        put(MODEL_NAME, model.getBytes(StandardCharsets.UTF_8));
        return state;
    }

    /** How many bytes of chunks the last {@link #checkpoint} has written. */
    long written() {
        return written;
    }

    /** Deletes the chunks that remain from a larger state. */
    private void deleteFrom(int count) {
        List<StoreKey> left = new ArrayList<>();
        try (KeyValueIterator<StoreKey, byte[]> behind =
                items.range(new StoreKey(key, count), new StoreKey(key, Integer.MAX_VALUE))) {
            behind.forEachRemaining(chunk -> left.add(chunk.key));
        }
        left.stream().filter(chunk -> chunk.model().equals(key)).forEach(items::delete);
    }

    /** The versions in the snapshots topic, oldest first. */
    public List<Long> published() {
        List<Long> versions = new ArrayList<>();
        byte[] stored = get(PUBLISHED);
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
        put(PUBLISHED, buffer.array());
        put(LINEAGE, lineage.toBytes());
    }

    private byte[] get(int item) {
        return items.get(new StoreKey(key, item));
    }

    private void put(int item, byte[] value) {
        items.put(new StoreKey(key, item), value);
    }
}
