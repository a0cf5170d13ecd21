package io.millrace.cli.demo;

import io.millrace.cli.csv.LabelledRow;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A generated stream with abrupt concept drift, after SEA (Street and Kim, KDD 2001). Three features are uniform in [0,
 * 10); two of them decide. The class is 1 where x0 + x1 is at most a threshold, which changes with each concept. A
 * tenth of the labels are wrong, so no classifier can exceed an accuracy of 0.9. The thresholds are further apart than
 * SEA's, so that a drift is visible. The stream is seeded and always the same.
 */
final class SeaStream implements Iterable<LabelledRow> {
    static final List<String> CLASSES = List.of("0", "1");
    static final int FEATURES = 3;
    static final int CONCEPTS = 4;

    private static final double[] THRESHOLDS = {8, 13, 6, 11};
    private static final double NOISE = 0.1;

    private final long examples;
    private final long seed;

    SeaStream(long examples, long seed) {
        this.examples = examples;
        this.seed = seed;
    }

    @Override
    public Iterator<LabelledRow> iterator() {
        return new Iterator<>() {
            private final SplittableRandom random = new SplittableRandom(seed);
            private long next;

            @Override
            public boolean hasNext() {
                return next < examples;
            }

            @Override
            public LabelledRow next() {
                int concept = (int) (next++ * CONCEPTS / examples);
                float[] features = new float[FEATURES];
                for (int i = 0; i < FEATURES; i++) {
                    features[i] = (float) (random.nextDouble() * 10);
                }
                boolean one = features[0] + features[1] <= THRESHOLDS[concept];
                boolean wrong = random.nextDouble() < NOISE;
                return new LabelledRow(features, List.of(CLASSES.get(one != wrong ? 1 : 0)));
            }
        };
    }
}
