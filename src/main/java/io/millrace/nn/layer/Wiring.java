package io.millrace.nn.layer;

import java.util.List;
import java.util.Objects;

/**
 * The connections of a layer. Layers are named by their position in the list: {@code "1"} is the first hidden layer; {@link #INPUT} is the
 * input of the network, and {@link #OUTPUT} is another name for the last layer. A layer can name only earlier layers, so the network is
 * acyclic and the order of the list is an order of computation.
 *
 * @param inputs layers whose outputs are the inputs, concatenated in this order; empty: the layer before
 * @param residuals layers whose outputs are added to {@code x W + b} before the activation (He et al., 2016), each as wide as this layer
 * @param shared layer whose parameters this one also uses, so that their gradients add up; empty: it has its own parameters
 */
public record Wiring(List<String> inputs, List<String> residuals, String shared) {
    /** Name of the network's input. */
    public static final String INPUT = "input";

    /** A second name of the last layer. */
    public static final String OUTPUT = "output";

    /** The plain case: the layer reads only the layer before. */
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
