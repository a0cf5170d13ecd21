package io.millrace.learner.ensemble;

import io.millrace.learner.spec.EnsembleInputs;
import io.millrace.learner.spec.MemberSpec;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;
import io.millrace.nn.initializer.SplitMix64;

/** The last {@value #SIZE} examples, for replay: slow views, places among bins, scaled targets and weights. */
final class ExampleRing {
    static final int SIZE = MemberSpec.RECENT;

    /** Of a chunk of saved slots: fewer bytes would be more records than they are worth, more slots more bytes. */
    private static final int LEAST_BYTES = 32 * 1024;

    private static final int LEAST_SLOTS = 64;

    private final int features;
    private final int placed;
    private final int width;
    private final long seed;
    private final float[] slow; // [SIZE x features]
    private final float[] places; // [SIZE x placed]
    private final float[] targets; // [SIZE x width]
    private final float[] weights; // [SIZE]

    /**
     * @param width length of a target
     * @param seed seed of the choice of replayed examples
     */
    ExampleRing(EnsembleInputs inputs, int width, long seed) {
        features = inputs.numbers();
        placed = inputs.placed().size();
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

    /** Targets as they were learned, [SIZE x width], live. */
    float[] targets() {
        return targets;
    }

    /** Weights of the examples, [SIZE], live. */
    float[] weights() {
        return weights;
    }

    /**
     * Writes slot after slot in chunks of their own, few of which a new example changes. Places are a function of the slow views, in which NaN
     * marks a missing number.
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
    }

    /** @param views places the features among bins */
    void restore(StateReader in, Views views) {
        float[] slot = new float[features + width + 1];
        for (int at = 0; at < SIZE; at++) {
            in.getFloats(slot, slot.length);
            views.takeMarked(slot, slow, at * features, places, at * placed);
            System.arraycopy(slot, features, targets, at * width, width);
            weights[at] = slot[features + width];
        }
    }
}
