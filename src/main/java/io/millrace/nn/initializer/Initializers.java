package io.millrace.nn.initializer;

import io.millrace.nn.algorithm.Registry;

/** The initializers that can be chosen by name: a new one adds a line. */
final class Initializers {
    static final Registry<Initializer> BY_NAME = new Registry<Initializer>("initializer")
            .add(XavierUniform.NAME, o -> new XavierUniform())
            .add(XavierNormal.NAME, o -> new XavierNormal())
            .add(HeUniform.NAME, o -> new HeUniform())
            .add(HeNormal.NAME, o -> new HeNormal());

    private Initializers() {}
}
