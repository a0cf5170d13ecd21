package io.millrace.nn.initializer;

import io.millrace.nn.algorithm.Algorithm;

/** Uniform in {@code ±sqrt(6 / inputs)} (He et al., 2015): for rectifiers. */
public record HeUniform() implements Initializer {
    /** {@value}. */
    public static final String NAME = "he_uniform";

    static final Algorithm<Initializer> ALGORITHM =
            new Algorithm<>(NAME, "uniform within sqrt(6 / inputs), for relu.", options -> new HeUniform());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float weight(SplitMix64 random, int inputs, int outputs) {
        return (float) ((2.0 * random.nextDouble() - 1.0) * StrictMath.sqrt(6.0 / inputs));
    }
}
