package io.millrace.bench.workload;

import io.millrace.feature.value.Murmur3;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A stream of high cardinality: 100,000 users, each with two hidden affinities {@code a}, drawn from a normal distribution, and a context
 * {@code c} of two normal numbers. The label is 1 with the probability {@code sigmoid(4 (a1 (1 + c1) + a2 c2))}: neither the user nor the
 * context alone says much. A user is drawn as {@code 100,000 u^3} with {@code u} uniform in [0, 1), so that a few are met often and most a
 * few times. Half-way, a quarter of the users get new affinities. Deterministic.
 */
public final class UserStream {
    private static final int USERS = 100_000;
    private static final int CHANGED_IN = 4;
    private static final double STEEPNESS = 4;

    private final Random random = new Random(1);
    private final double[][] affinities = new double[USERS][2];
    private final long examples;
    private long drawn;
    private int user;
    private double first;
    private double second;
    private int label;
    private double probability;

    /** @param examples length of the stream */
    public UserStream(long examples) {
        this.examples = examples;
        for (double[] affinity : affinities) {
            draw(affinity);
        }
    }

    private void draw(double[] affinity) {
        affinity[0] = random.nextGaussian();
        affinity[1] = random.nextGaussian();
    }

    /** Draws the next example. */
    public void next() {
        if (drawn++ == examples / 2) {
            for (double[] affinity : affinities) {
                if (random.nextInt(CHANGED_IN) == 0) {
                    draw(affinity);
                }
            }
        }
        double uniform = random.nextDouble();
        user = (int) (USERS * uniform * uniform * uniform);
        first = random.nextGaussian();
        second = random.nextGaussian();
        double logit = STEEPNESS * (affinities[user][0] * (1 + first) + affinities[user][1] * second);
        probability = 1 / (1 + Math.exp(-logit));
        label = random.nextDouble() < probability ? 1 : 0;
    }

    /** The probability with which the best possible prediction of this example is right. */
    public double best() {
        return Math.max(probability, 1 - probability);
    }

    /** {@code [c1, c2]} */
    public double[] context() {
        return new double[] {first, second};
    }

    /** Which of so many buckets the user falls into. */
    public int bucket(int buckets) {
        byte[] name = name().getBytes(StandardCharsets.UTF_8);
        return Integer.remainderUnsigned(Murmur3.hash(name, 0, name.length), buckets);
    }

    /** {@return the class of the example, 0 or 1} */
    public int label() {
        return label;
    }

    private String name() {
        return "user-" + user;
    }

    /** The example in JSON, with the bucket of the user among so many. */
    public byte[] json(int buckets) {
        String text = "{\"c1\": " + first + ", \"c2\": " + second + ", \"user\": \"" + name() + "\", \"bucket\": \""
                + bucket(buckets) + "\", \"label\": " + label + "}";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
