package io.millrace.nn.initializer;

import io.millrace.nn.algorithm.Algorithm;

/** Normal with variance {@code 2 / (inputs + outputs)} (Glorot and Bengio, 2010): for tanh and sigmoid. */
public record XavierNormal() implements Initializer {
    /** {@value}. */
    public static final String NAME = "xavier_normal";

    static final Algorithm<Initializer> ALGORITHM = new Algorithm<>(
            NAME, "normal with variance 2 / (inputs + outputs), for tanh and sigmoid.", options -> new XavierNormal());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public float weight(SplitMix64 random, int inputs, int outputs) {
        return (float) (random.nextGaussian() * StrictMath.sqrt(2.0 / (inputs + outputs)));
    }
}
