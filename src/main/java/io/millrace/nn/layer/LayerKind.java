package io.millrace.nn.layer;

/**
 * The computation of a {@link Layer} on its inputs, before normalisation, residuals and activation. An immutable value, which makes the
 * node for the computation.
 */
public interface LayerKind {
    /** Width of the output, {@code >= 1}. */
    int units();

    /** Shape of the output, in which {@link #units()} numbers have their places. */
    default Shape output() {
        return Shape.flat(units());
    }

    /** Shape of what it reads; null if what it reads has no places. */
    default Shape in() {
        return null;
    }

    /**
     * Number of positions at the start of its output that are padding if so many at the start of its input are, for a sequence of which a sequence
     * is made: by default as many. It should be the positions that a shorter input does not have.
     *
     * @param positions at least 1
     */
    default int padded(int positions) {
        return positions;
    }

    /** Number of weights and biases with so many inputs: by default as of fully connected units. */
    default long parameters(long inputs) {
        return (inputs + 1) * units();
    }

    /** Numbers that the node keeps of a row in its largest array, with padding: by default those of the output, without it. */
    default long kept() {
        return units();
    }

    /** Number of multiplications for one row of so many inputs. */
    default long multiplications(long inputs) {
        return inputs * units();
    }

    /** Number of inputs after which the mask of dropout begins again: fewer than {@code inputs} where steps have one mask. */
    default int inputsOfMask(int inputs) {
        return inputs;
    }

    /** How the kind is written in a line of layers. */
    default String written() {
        return toString();
    }

    /** Makes the node, which must not work in place. */
    Node node(Context context);

    /**
     * A text without spaces, which must differ for layers whose parameters have different shapes. It is part of the shape of a network in
     * its saved state.
     */
    @Override
    String toString();

    /**
     * The surroundings of the node.
     *
     * @param inputs number of inputs
     * @param shifted whether a later node adds a shift to each unit, as batch normalisation does, so that a bias would have no effect
     * @param parameters gives the node its parameters
     * @param state gives the node its state
     * @param mask says which positions of a sequence that enters are padding. What the node writes at such positions of its output, and what
     *     it gets as the gradient of them, becomes zero
     */
    record Context(int inputs, boolean shifted, Blocks parameters, Blocks state, Mask mask) {}
}
