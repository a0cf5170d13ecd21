package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.algorithm.NumberRange;
import java.util.List;
import java.util.Objects;

/**
 * A fully connected layer, {@code h = act(x W + b)}, or {@code h = act(BN(x W))} with batch normalisation. {@code Layer(units,
 * activation)} is the plain one, fed by the layer before; {@link #withBatchNorm}, {@link #withInputDropout}, {@link #from},
 * {@link #plus} and {@link #sharing} add to it.
 *
 * @param units width of the layer, {@code >= 1}
 * @param activation of its units
 * @param batchNorm normalises what enters the activation; null for a bias instead
 * @param inputDropout probability in [0, 1) that training drops an element of {@code x}, the inputs of the network for the first
 *     layer and the outputs of the layer before for others; what is left is scaled by {@code 1 / (1 - inputDropout)} (Srivastava et
 *     al., 2014, inverted), and predictions drop nothing. So the outputs of the network are never dropped
 * @param wiring what enters the layer and what is added to it
 */
public record Layer(int units, Activation activation, BatchNorm batchNorm, double inputDropout, Wiring wiring) {
    /** Checks the ranges. */
    public Layer {
        if (units < 1) {
            throw new IllegalArgumentException("a layer has " + units + " units: give at least 1");
        }
        Objects.requireNonNull(activation, "activation");
        NumberRange.FRACTION.require("dropout", inputDropout);
        Objects.requireNonNull(wiring, "wiring");
    }

    /** A layer fed by the one before. */
    public Layer(int units, Activation activation, BatchNorm batchNorm, double inputDropout) {
        this(units, activation, batchNorm, inputDropout, Wiring.CHAIN);
    }

    /** A plain layer: with a bias, without dropout, fed by the one before. */
    public Layer(int units, Activation activation) {
        this(units, activation, null, 0);
    }

    /** This layer with batch normalisation in the place of its bias. */
    public Layer withBatchNorm(BatchNorm normalization) {
        return new Layer(
                units, activation, Objects.requireNonNull(normalization, "normalization"), inputDropout, wiring);
    }

    /**
     * This layer with dropout of what enters it.
     *
     * @param probability in [0, 1)
     */
    public Layer withInputDropout(double probability) {
        return new Layer(units, activation, batchNorm, probability, wiring);
    }

    /**
     * This layer with these in the place of the layer before, concatenated in this order.
     *
     * @param names of earlier layers, or {@link Wiring#INPUT}
     */
    public Layer from(String... names) {
        return withWiring(new Wiring(List.of(names), wiring.residuals(), wiring.shared()));
    }

    /**
     * This layer with residual connections: the outputs of these are added before its activation.
     *
     * @param names of earlier layers of as many units, or {@link Wiring#INPUT}
     */
    public Layer plus(String... names) {
        return withWiring(new Wiring(wiring.inputs(), List.of(names), wiring.shared()));
    }

    /**
     * This layer with the parameters of another in the place of its own.
     *
     * @param name of an earlier layer with weights of the same shape, without batch normalisation as this one
     */
    public Layer sharing(String name) {
        return withWiring(new Wiring(wiring.inputs(), wiring.residuals(), name));
    }

    /** This layer, connected so. */
    public Layer withWiring(Wiring connections) {
        return new Layer(units, activation, batchNorm, inputDropout, connections);
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
