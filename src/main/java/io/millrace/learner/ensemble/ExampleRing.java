package io.millrace.learner.ensemble;

import io.millrace.nn.initializer.SplitMix64;

/** The last {@value #SIZE} examples, for replay: slow views, places among bins, targets and weights. */
final class ExampleRing {
    static final int SIZE = 1024;

    private final int features;
    private final int width;
    private final long seed;
    final float[] slow; // [SIZE x features]
    final float[] places; // [SIZE x features]
    final float[] targets; // [SIZE x width]
    final float[] weights; // [SIZE]

    ExampleRing(int features, int width, long seed) {
        this.features = features;
        this.width = width;
        this.seed = seed;
        slow = new float[SIZE * features];
        places = new float[SIZE * features];
        targets = new float[SIZE * width];
        weights = new float[SIZE];
    }

    /** Keeps an example. @param n number of examples before it */
    void put(long n, Views views, float[] target, float weight) {
        int at = slot(n);
        System.arraycopy(views.slow, 0, slow, at * features, features);
        System.arraycopy(views.places, 0, places, at * features, features);
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
}
