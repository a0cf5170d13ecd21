package io.millrace.learner.evaluation;

import io.millrace.nn.initializer.SplitMix64;

/**
 * Which examples are held out: kept from training, and evaluated alone. A pure function of the seed and of the example's place, so
 * that an example which is read again, after a restart or by another instance, meets the same fate. Allocates nothing.
 *
 * <p>An example is held out where {@code u(seed, partition, position) < fraction}, u uniform in [0, 1), from the counter-based
 * {@link SplitMix64}.
 */
public final class HoldoutSampler {
    /** Sets these numbers apart from those of dropout, which has the same seed and counts steps here. */
    private static final long STREAM = -1;

    private final double fraction;
    private final long key;

    /**
     * @param fraction share of the stream that is held out, in [0, 1)
     * @param seed seed of the choice
     * @param partition partition of the stream, so that partitions choose apart
     */
    public HoldoutSampler(double fraction, long seed, int partition) {
        this.fraction = fraction;
        key = SplitMix64.key(seed, STREAM, partition);
    }

    /**
     * @param position place of the example in its partition: the offset of its record
     * @return whether the example is to be evaluated alone ({@code Learner.evaluate}) instead of learned ({@code Learner.learn})
     */
    public boolean holds(long position) {
        return (SplitMix64.at(key, position) >>> 11) * 0x1.0p-53 < fraction;
    }
}
