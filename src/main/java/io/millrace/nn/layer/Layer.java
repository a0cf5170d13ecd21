package io.millrace.nn.layer;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.algorithm.NumberRange;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A layer of a network, {@code h = act(x W + b + r)}, or {@code h = act(BN(x W) + r)} with batch normalisation, where residuals {@code r} are optional
 * and another {@link LayerKind} can stand for {@code x W + b}. {@code Layer(units, activation)} is the plain one, fed by the layer before;
 * {@link #withBatchNorm}, {@link #withInputDropout}, {@link #from}, {@link #plus} and {@link #sharing} add to it.
 *
 * @param kind what the layer computes from its inputs, often {@link Dense}
 * @param activation activation of its units
 * @param batchNorm normalises the output of the kind; null for none
 * @param inputDropout probability in [0, 1) that training drops an element of {@code x}: the inputs of the network for the first
 *     layer and the outputs of the layer before for others. The other elements are scaled by {@code 1 / (1 - inputDropout)} (Srivastava
 *     et al., 2014, inverted). Predictions drop nothing. The outputs of the network are never dropped
 * @param wiring inputs and residuals of the layer
 */
public record Layer(LayerKind kind, Activation activation, BatchNorm batchNorm, double inputDropout, Wiring wiring) {
    /** Checks the ranges. */
    public Layer {
        if (kind.units() < 1) {
            throw new IllegalArgumentException("a layer has " + kind.units() + " units: give at least 1");
        }
        Objects.requireNonNull(activation, "activation");
        NumberRange.FRACTION.require("dropout", inputDropout);
        Objects.requireNonNull(wiring, "wiring");
    }

    /** A layer of this kind without normalisation and dropout, which reads the layer before. */
    public Layer(LayerKind kind, Activation activation) {
        this(kind, activation, null, 0, Wiring.CHAIN);
    }

    /** A fully connected layer, which reads the layer before. */
    public Layer(int units, Activation activation, BatchNorm batchNorm, double inputDropout) {
        this(new Dense(units), activation, batchNorm, inputDropout, Wiring.CHAIN);
    }

    /** A plain layer: fully connected, with a bias, without dropout. It reads the layer before. */
    public Layer(int units, Activation activation) {
        this(new Dense(units), activation);
    }

    /** Width of the layer. */
    public int units() {
        return kind.units();
    }

    /** This layer with batch normalisation instead of its bias. */
    public Layer withBatchNorm(BatchNorm normalization) {
        return new Layer(
                kind, activation, Objects.requireNonNull(normalization, "normalization"), inputDropout, wiring);
    }

    /**
     * This layer with dropout of its inputs.
     *
     * @param probability in [0, 1)
     */
    public Layer withInputDropout(double probability) {
        return new Layer(kind, activation, batchNorm, probability, wiring);
    }

    /**
     * This layer with these inputs, concatenated in this order, instead of the layer before.
     *
     * @param names names of earlier layers, or {@link Wiring#INPUT}
     */
    public Layer from(String... names) {
        return withWiring(new Wiring(List.of(names), wiring.residuals(), wiring.shared()));
    }

    /**
     * This layer with residual connections: the outputs of these layers are added before its activation.
     *
     * @param names names of earlier layers with the same number of units, or {@link Wiring#INPUT}
     */
    public Layer plus(String... names) {
        return withWiring(new Wiring(wiring.inputs(), List.of(names), wiring.shared()));
    }

    /**
     * This layer with the parameters of another layer instead of its own.
     *
     * @param name name of an earlier layer with weights of the same shape; neither layer may have batch normalisation
     */
    public Layer sharing(String name) {
        return withWiring(new Wiring(wiring.inputs(), wiring.residuals(), name));
    }

    /** This layer with these connections. */
    public Layer withWiring(Wiring connections) {
        return new Layer(kind, activation, batchNorm, inputDropout, connections);
    }

    /** Whether training drops inputs. */
    public boolean dropsInputs() {
        return inputDropout > 0;
    }

    /** Whether the layer has batch normalisation. */
    public boolean normalized() {
        return batchNorm != null;
    }

    /**
     * Adds the layer's nodes to a graph, in the order of their computation.
     *
     * @param index index of the layer, counted from 0
     * @param inputs nodes whose outputs enter
     * @param residuals nodes whose outputs are added
     * @param parameters gives the nodes their parameters
     * @param state gives the nodes their state
     * @param mask of what enters
     * @return the last node, whose output is that of the layer
     */
    public int addTo(
            NodeGraph graph, int index, int[] inputs, int[] residuals, Blocks parameters, Blocks state, Mask mask) {
        int x = inputs.length == 1 ? inputs[0] : graph.add(new ConcatenationNode(widths(graph, inputs)), inputs);
        int width = graph.width(x);
        if (dropsInputs()) {
            x = graph.add(new DropoutNode(inputDropout, width, kind.inputsOfMask(width), index), x);
        }
        int z = graph.add(kind.node(new LayerKind.Context(width, normalized(), parameters, state, mask)), x);
        Mask behind = mask.behind(kind);
        if (normalized()) {
            z = graph.add(new BatchNormNode(batchNorm, kind.output(), parameters, state, behind), z);
        }
        if (residuals.length > 0) {
            z = graph.add(
                    new SumNode(units()),
                    IntStream.concat(IntStream.of(z), IntStream.of(residuals)).toArray());
        }
        if (!activation.equals(Activation.IDENTITY)) {
            z = graph.add(new ActivationNode(activation, units()), z);
        }
        return behind.isNone() ? z : graph.add(new MaskNode(behind, kind.output()), z);
    }

    private static int[] widths(NodeGraph graph, int[] nodes) {
        return IntStream.of(nodes).map(graph::width).toArray();
    }
}
