package io.millrace.nn;

import java.util.Objects;

/**
 * A fully connected layer, {@code h = act(x W + b)}.
 *
 * @param units width of the layer, {@code >= 1}
 * @param activation of its units
 */
public record Layer(int units, Activation activation) {
    /** Checks the width. */
    public Layer {
        if (units < 1) {
            throw new IllegalArgumentException("a layer has " + units + " units: give at least 1");
        }
        Objects.requireNonNull(activation, "activation");
    }
}
