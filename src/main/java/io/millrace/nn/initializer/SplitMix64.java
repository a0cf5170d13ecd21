package io.millrace.nn.initializer;

/**
 * The generator SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). It gives the same stream on
 * every machine and JDK, which {@link java.util.SplittableRandom} does not guarantee.
 */
public final class SplitMix64 {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** Creates the stream for a pair of a seed and, for instance, the number of a layer. */
    public SplitMix64(long seed, long stream) {
        // mixed twice, so that seeds 1, 2, 3... with streams 0, 1, 2... do not give shifted copies of one sequence
        this.state = mix(mix(seed + GOLDEN_GAMMA) + stream * GOLDEN_GAMMA);
    }

    /** The next 64 bits. */
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /** Uniform in [0, 1), a multiple of 2^-53. */
    public double nextDouble() {
        return (nextLong() >>> 11) * 0x1.0p-53;
    }

    /** Standard normal, by Box and Muller from two uniforms; the second of the pair is not kept, so there is no hidden state. */
    public double nextGaussian() {
        double radius = StrictMath.sqrt(-2.0 * StrictMath.log(1.0 - nextDouble())); // 1 - u is never 0
        return radius * StrictMath.cos(2.0 * StrictMath.PI * nextDouble());
    }

    /**
     * A key for {@link #at}, which differs for each triple.
     *
     * @param seed the seed
     * @param first for instance a step
     * @param second for instance a layer
     */
    public static long key(long seed, long first, long second) {
        return mix(mix(mix(seed + GOLDEN_GAMMA) + first * GOLDEN_GAMMA) + second * GOLDEN_GAMMA);
    }

    /** 64 random bits as a function of key and index only: the stream of the key, in any order and without state. */
    public static long at(long key, long index) {
        return mix(key + (index + 1) * GOLDEN_GAMMA);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
        return b ^ (b >>> 31);
    }
}
