package io.millrace.nn.penalty;

import io.millrace.nn.algorithm.Family;
import java.util.List;

/** The penalties that can be chosen: a new one adds a line, at the end, since their gradients are added in this order. */
public final class Penalties {
    /** All of them. */
    public static final Family<Penalty> FAMILY = new Family<>("penalty", List.of(L2.ALGORITHM, L1.ALGORITHM));

    private Penalties() {}
}
