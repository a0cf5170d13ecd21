package io.millrace.bench.workload;

import java.util.Random;

/**
 * A stream of sequences in which the order decides: {@value #STEPS} steps of {@value #FEATURES} normal numbers with the standard deviation 0.5, and in
 * them two patterns of {@value #LENGTH} steps, one after the other. The later one starts at any step with the same probability, the earlier one anywhere
 * before. A pattern is one of {@value #SHAPES} shapes of its class, drawn once for the stream, each number of which is 1 or -1; half of the time it is
 * upside down. The label is the class of the later pattern. As each shape comes with both signs, no weighted sum of the numbers tells anything. Deterministic.
 */
public final class SequenceStream {
    /** Steps of a sequence. */
    public static final int STEPS = 32;
    /** Features of a step. */
    public static final int FEATURES = 4;

    private static final int LENGTH = 4;
    private static final int SHAPES = 4;
    private static final double NOISE = 0.5;

    private final Random random;
    private final int[][][] shapes = new int[2][SHAPES][LENGTH * FEATURES];
    private final float[] features = new float[STEPS * FEATURES];
    private int label;

    /** @param seed the same gives the same sequences */
    public SequenceStream(long seed) {
        random = new Random(seed);
        for (int[][] ofClass : shapes) {
            for (int[] shape : ofClass) {
                for (int i = 0; i < shape.length; i++) {
                    shape[i] = sign();
                }
            }
        }
    }

    private int sign() {
        return random.nextBoolean() ? 1 : -1;
    }

    /** Draws the next sequence. */
    public void next() {
        for (int i = 0; i < features.length; i++) {
            features[i] = (float) (NOISE * random.nextGaussian());
        }
        int later = LENGTH + random.nextInt(STEPS - 2 * LENGTH + 1);
        add(random.nextInt(later - LENGTH + 1), random.nextInt(shapes.length));
        label = random.nextInt(shapes.length);
        add(later, label);
    }

    private void add(int step, int ofClass) {
        int[] shape = shapes[ofClass][random.nextInt(SHAPES)];
        int sign = sign();
        for (int i = 0; i < shape.length; i++) {
            features[step * FEATURES + i] += sign * shape[i];
        }
    }

    /** {@code [STEPS x FEATURES]}, row-major; the next sequence overwrites it. */
    public float[] features() {
        return features;
    }

    /** {@return the class of the sequence} */
    public int label() {
        return label;
    }
}
