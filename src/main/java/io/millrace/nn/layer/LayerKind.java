package io.millrace.nn.layer;

/**
 * The computation of a {@link Layer} on its inputs, before normalisation, residuals and activation. An immutable value, which makes the
 * node for the computation.
 */
public interface LayerKind {
    /** Width of the output, {@code >= 1}. */
    int units();

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
     */
    record Context(int inputs, boolean shifted, Blocks parameters, Blocks state) {}
}
