package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.layer.Table;
import java.util.Arrays;
import java.util.List;

/** The last {@value #SIZE} examples, for replay: slow views, places among bins, scaled targets and weights. */
final class ExampleRing {
    static final int SIZE = MemberSpec.RECENT;
    private static final int MOST_SPARE = 8;
    private static final int[] NONE = {};

    /** Of a chunk of saved slots: fewer bytes would be more records than they are worth, more slots more bytes. */
    private static final int LEAST_BYTES = 32 * 1024;

    private static final int LEAST_SLOTS = 64;

    private final int features;
    private final int placed;
    private final int width;
    private final List<Table> shapes; // of the tables
    private final int tables;
    private final long seed;
    private final float[] slow; // [SIZE x features]
    private final float[] places; // [SIZE x placed]
    private final int[][] ids =
            new int[SIZE][]; // of each example, one table after the other; a slot may have room for more
    private final int[] ends; // [SIZE x tables]
    private final float[] targets; // [SIZE x width]
    private final float[] weights; // [SIZE]

    /**
     * @param width length of a target
     * @param seed seed of the choice of replayed examples
     */
    ExampleRing(EnsembleInputs inputs, int width, long seed) {
        features = inputs.numbers();
        placed = inputs.placed().size();
        shapes = inputs.tables();
        tables = shapes.size();
        ends = new int[SIZE * tables];
        this.width = width;
        this.seed = seed;
        slow = new float[SIZE * features];
        places = new float[SIZE * placed];
        targets = new float[SIZE * width];
        weights = new float[SIZE];
    }

    /**
     * Keeps an example.
     *
     * @param n number of examples before it
     */
    void put(long n, Views views, float[] target, float weight) {
        int at = slot(n);
        System.arraycopy(views.slow(), 0, slow, at * features, features);
        System.arraycopy(views.places(), 0, places, at * placed, placed);
        System.arraycopy(target, 0, targets, at * width, width);
        weights[at] = weight;
        if (tables > 0) {
            System.arraycopy(views.ends(), 0, ends, at * tables, tables);
            System.arraycopy(views.ids(), 0, room(at), 0, count(at));
        }
    }

    private int count(int slot) {
        return ends[(slot + 1) * tables - 1];
    }

    /** Memory for the ids of a slot. It is kept unless it is far too large, so that one huge example does not hold memory for ever. */
    private int[] room(int slot) {
        int count = count(slot);
        if (ids[slot] == null || ids[slot].length < count || ids[slot].length > MOST_SPARE * (count + 1)) {
            ids[slot] = new int[count];
        }
        return ids[slot];
    }

    /** Slot of the example with the number {@code n}, counted from 0. */
    static int slot(long n) {
        return (int) (n % SIZE);
    }

    /** The slot of the q-th replayed example in the step of example {@code n}: uniform over those that are kept. */
    int drawn(long n, int q) {
        long random = SplitMix64.at(SplitMix64.key(seed, n, 0), q) >>> 32;
        return (int) (random * Math.min(n, SIZE) >>> 32);
    }

    /** Slow views, [SIZE x features], live. */
    float[] slow() {
        return slow;
    }

    /** Places of the features that have bins, [SIZE x placed], live; NaN where one is missing. */
    float[] places() {
        return places;
    }

    /** Ids of the example in a slot, one table after the other, live. */
    int[] ids(int slot) {
        return ids[slot];
    }

    /** For each example and table the end of its ids, [SIZE x tables], live. */
    int[] ends() {
        return ends;
    }

    /** Targets as they were learned, [SIZE x width], live. */
    float[] targets() {
        return targets;
    }

    /** Weights of the examples, [SIZE], live. */
    float[] weights() {
        return weights;
    }

    /**
     * Writes slot after slot in chunks of their own, few of which a new example changes. Places are a function of the slow views, in which NaN marks a
     * missing number.
     */
    void save(StateWriter out, Views views) {
        float[] slot = new float[features + width + 1];
        long bytes = Integer.BYTES + (long) slot.length * Float.BYTES;
        out.startChunk(bytes * Math.max(LEAST_SLOTS, LEAST_BYTES / bytes));
        for (int at = 0; at < SIZE; at++) {
            views.copyMarked(slow, at * features, places, at * placed, slot);
            System.arraycopy(targets, at * width, slot, features, width);
            slot[features + width] = weights[at];
            out.putFloats(slot, slot.length);
        }
        if (tables > 0) {
            saveIds(out);
        }
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param views places the features among bins
     * @param saved what entered then: the first of what enters now. Of the others, the examples have neither numbers nor ids
     */
    void restore(StateReader in, Views views, EnsembleInputs saved) {
        int known = saved.numbers();
        float[] slot = new float[known + width + 1];
        float[] marked = new float[features];
        Arrays.fill(marked, known, features, Float.NaN);
        for (int at = 0; at < SIZE; at++) {
            in.getFloats(slot, slot.length);
            System.arraycopy(slot, 0, marked, 0, known);
            views.takeMarked(marked, slow, at * features, places, at * placed);
            System.arraycopy(slot, known, targets, at * width, width);
            weights[at] = slot[known + width];
        }
        if (!saved.tables().isEmpty()) {
            restoreIds(in, saved.tables().size());
        }
    }

    /** Writes the ids behind everything else: an example with more ids than the one before in its slot moves what follows. */
    private void saveIds(StateWriter out) {
        for (int at = 0; at < SIZE; at++) {
            for (int t = 0; t < tables; t++) {
                out.putInt(ends[at * tables + t]);
            }
            out.putInts(ids[at] == null ? NONE : ids[at], count(at));
        }
    }

    private void restoreIds(StateReader in, int saved) {
        for (int at = 0; at < SIZE; at++) {
            for (int t = 0; t < tables; t++) {
                ends[at * tables + t] = t < saved ? in.getInt() : ends[at * tables + t - 1];
            }
            ids[at] = in.getInts();
            requireIds(at);
        }
    }

    private void requireIds(int slot) {
        int from = 0;
        for (int t = 0; t < tables; t++) {
            int end = ends[slot * tables + t];
            boolean valid = from <= end && end <= ids[slot].length && (t < tables - 1 || end == ids[slot].length);
            for (int i = from; valid && i < end; i++) {
                valid = ids[slot][i] >= 0 && ids[slot][i] < shapes.get(t).rows();
            }
            if (!valid) {
                throw new IllegalStateException(
                        "the saved state holds an example with ids that are not in table " + (t + 1));
            }
            from = end;
        }
    }
}
