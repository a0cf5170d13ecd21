package io.millrace.nn;

import java.util.Objects;

/**
 * A fully connected layer, {@code h = act(x W + b)}, or {@code h = act(BN(x W))} with batch normalisation.
 *
 * @param units width of the layer, {@code >= 1}
 * @param activation of its units
 * @param batchNorm normalises what enters the activation; null for a bias instead
 */
public record Layer(int units, Activation activation, BatchNorm batchNorm) {
    /** Checks the width. */
    public Layer {
        if (units < 1) {
            throw new IllegalArgumentException("a layer has " + units + " units: give at least 1");
        }
        Objects.requireNonNull(activation, "activation");
    }

    /** A plain layer, with a bias. */
    public Layer(int units, Activation activation) {
        this(units, activation, null);
    }

    /** This layer with batch normalisation in the place of its bias. */
    public Layer withBatchNorm(BatchNorm normalization) {
        return new Layer(units, activation, Objects.requireNonNull(normalization, "normalization"));
    }

    /** Whether the layer has batch normalisation. */
    public boolean normalized() {
        return batchNorm != null;
    }
}
