package io.millrace.nn.penalty;

import io.millrace.nn.algorithm.Family;
import java.util.List;

/** All penalties. A new one needs one line here, at the end, because their gradients are added in this order. */
public final class Penalties {
    /** All of them. */
    public static final Family<Penalty> FAMILY = new Family<>("penalty", List.of(L2.ALGORITHM, L1.ALGORITHM));

    private Penalties() {}
}
