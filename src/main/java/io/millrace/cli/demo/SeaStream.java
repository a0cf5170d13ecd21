package io.millrace.cli.demo;

import io.millrace.cli.csv.LabelledRow;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A generated stream with abrupt concept drift, after SEA (Street and Kim, KDD 2001): three features uniform in [0, 10), of which
 * two decide; the class is 1 where x0 + x1 is at most a threshold, which changes with each concept; a tenth of the labels is
 * wrong. The thresholds lie further apart than SEA's, so that a drift can be seen. No classifier can be right more often than
 * 0.9. Seeded: always the same stream.
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
