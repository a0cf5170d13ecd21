package io.millrace.nn.initializer;

import io.millrace.nn.algorithm.Family;
import java.util.List;

/** The initializers that can be chosen by name. A new one needs one line here. */
public final class Initializers {
    /** All of them. */
    public static final Family<Initializer> FAMILY = new Family<>(
            "initializer",
            List.of(XavierUniform.ALGORITHM, XavierNormal.ALGORITHM, HeUniform.ALGORITHM, HeNormal.ALGORITHM));

    private Initializers() {}
}
