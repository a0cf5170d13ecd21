package io.millrace.nn.loss;

import io.millrace.nn.algorithm.Family;
import java.util.List;

/** The losses that can be chosen by name. A new one needs one line here. */
public final class Losses {
    /** All of them. */
    public static final Family<Loss> FAMILY = new Family<>(
            "loss",
            List.of(SoftmaxCrossEntropy.ALGORITHM, SigmoidCrossEntropy.ALGORITHM, HalfMeanSquaredError.ALGORITHM));

    private Losses() {}
}
