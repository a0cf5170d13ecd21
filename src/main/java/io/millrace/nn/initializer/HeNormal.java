package io.millrace.nn.initializer;

import io.millrace.nn.algorithm.Algorithm;

/** Normal with variance {@code 2 / inputs} (He et al., 2015): for rectifiers. */
public record HeNormal() implements Initializer {
    /** {@value}. */
    public static final String NAME = "he_normal";

    static final Algorithm<Initializer> ALGORITHM =
            new Algorithm<>(NAME, "normal with variance 2 / inputs, for relu.", options -> new HeNormal());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float weight(SplitMix64 random, int inputs, int outputs) {
        return (float) (random.nextGaussian() * StrictMath.sqrt(2.0 / inputs));
    }
}
