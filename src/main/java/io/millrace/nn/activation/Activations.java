package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Family;
import java.util.List;

/** The activations that can be chosen by name. A new one needs one line here. */
public final class Activations {
    /** All of them. */
    public static final Family<Activation> FAMILY = new Family<>(
            "activation",
            List.of(Identity.ALGORITHM, Relu.ALGORITHM, LeakyRelu.ALGORITHM, Tanh.ALGORITHM, Sigmoid.ALGORITHM));

    private Activations() {}
}
