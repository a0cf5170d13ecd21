package io.millrace.nn.layer;

import java.util.List;
import java.util.Objects;

/**
 * How a layer is connected. Layers are named by their place in the list: {@code "1"} is the first hidden layer; {@link #INPUT} is what
 * enters the network, and {@link #OUTPUT} is another name for the last layer. A layer can name earlier ones alone, so that the network is
 * acyclic and the order of the list is an order of computation.
 *
 * @param inputs whose outputs enter, concatenated in this order; empty: those of the layer before
 * @param residuals whose outputs are added to {@code x W + b} before the activation (He et al., 2016), each as wide as the layer
 * @param shared layer whose parameters this one uses as well, so that their gradients add up; empty: it has parameters of its own
 */
public record Wiring(List<String> inputs, List<String> residuals, String shared) {
    /** Name of what enters the network. */
    public static final String INPUT = "input";

    /** A second name of the last layer. */
    public static final String OUTPUT = "output";

    /** The plain case: fed by the layer before, and by nothing else. */
    public static final Wiring CHAIN = new Wiring(List.of(), List.of(), "");

    /** Copies the lists. */
    public Wiring {
        inputs = List.copyOf(inputs);
        residuals = List.copyOf(residuals);
        Objects.requireNonNull(shared, "shared");
    }

    /** {@code <- 1 & input + 2 = 3}: fed by 1 and the input, with 2 added, parameters shared with 3; empty for {@link #CHAIN}. */
    @Override
    public String toString() {
        return (inputs.isEmpty() ? "" : "<-" + String.join("&", inputs))
                + (residuals.isEmpty() ? "" : "+" + String.join("+", residuals))
                + (shared.isEmpty() ? "" : "=" + shared);
    }
}
