package io.millrace.nn;

import java.util.Objects;

/**
 * A fully connected layer, {@code h = act(x W + b)}, or {@code h = act(BN(x W))} with batch normalisation. {@code Layer(units,
 * activation)} is the plain one; {@link #withBatchNorm} and {@link #withInputDropout} add to it.
 *
 * @param units width of the layer, {@code >= 1}
 * @param activation of its units
 * @param batchNorm normalises what enters the activation; null for a bias instead
 * @param inputDropout probability in [0, 1) that training drops an element of {@code x}, the inputs of the network for the first
 *     layer and the outputs of the layer below for others; what is left is scaled by {@code 1 / (1 - inputDropout)} (Srivastava et
 *     al., 2014, inverted), and predictions drop nothing. So the outputs of the network are never dropped
 */
public record Layer(int units, Activation activation, BatchNorm batchNorm, double inputDropout) {
    /** Checks the ranges. */
    public Layer {
        if (units < 1) {
            throw new IllegalArgumentException("a layer has " + units + " units: give at least 1");
        }
        Objects.requireNonNull(activation, "activation");
        Hyperparameter.requireDecay("dropout", inputDropout);
    }

    /** A plain layer: with a bias, without dropout. */
    public Layer(int units, Activation activation) {
        this(units, activation, null, 0);
    }

    /** This layer with batch normalisation in the place of its bias. */
    public Layer withBatchNorm(BatchNorm normalization) {
        return new Layer(units, activation, Objects.requireNonNull(normalization, "normalization"), inputDropout);
    }

    /**
     * This layer with dropout of what enters it.
     *
     * @param probability in [0, 1)
     */
    public Layer withInputDropout(double probability) {
        return new Layer(units, activation, batchNorm, probability);
    }

    /** Whether training drops inputs. */
    public boolean dropsInputs() {
        return inputDropout > 0;
    }

    /** Whether the layer has batch normalisation. */
    public boolean normalized() {
        return batchNorm != null;
    }
}
