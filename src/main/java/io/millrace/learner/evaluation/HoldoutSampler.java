package io.millrace.learner.evaluation;

import io.millrace.nn.initializer.SplitMix64;

/**
 * Chooses the examples that are held out: they are not learned, only evaluated. The choice is a pure function of the seed and of the
 * example's place. So it is the same when an example is read again, after a restart or by another instance. Allocates nothing.
 *
 * <p>An example is held out if {@code u(seed, partition, position) < fraction}, with u uniform in [0, 1) from the counter-based
 * {@link SplitMix64}.
 */
public final class HoldoutSampler {
    /** Keeps these random numbers apart from those of dropout, which uses the same seed and passes its step here. */
    private static final long STREAM = -1;

    private final double fraction;
    private final long key;

    /**
     * @param fraction fraction of the stream that is held out, in [0, 1)
     * @param seed seed of the choice
     * @param partition partition of the stream; each partition chooses independently
     */
    public HoldoutSampler(double fraction, long seed, int partition) {
        this.fraction = fraction;
        key = SplitMix64.key(seed, STREAM, partition);
    }

    /**
     * @param position place of the example in its partition: the offset of its record
     * @return whether the example is only evaluated ({@code Learner.evaluate}) instead of learned ({@code Learner.learn})
     */
    public boolean holds(long position) {
        return (SplitMix64.at(key, position) >>> 11) * 0x1.0p-53 < fraction;
    }
}
