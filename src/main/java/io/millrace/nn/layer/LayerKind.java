package io.millrace.nn.layer;

/**
 * What a {@link Layer} computes from what enters it, before normalisation, residuals and activation. An immutable value, which makes the
 * node that computes it.
 */
public interface LayerKind {
    /** Width of what it puts out, {@code >= 1}. */
    int units();

    /** The node. It does not work in place. */
    Node node(Context context);

    /** What sets layers apart whose parameters do not fit each other, without spaces: part of the shape of a network in its saved state. */
    @Override
    String toString();

    /**
     * Where the node stands.
     *
     * @param inputs width of all that enters
     * @param shifted whether what follows adds a shift to each unit, as batch normalisation does, so that a bias would do nothing
     * @param parameters gives the node its parameters
     * @param state gives the node its state
     */
    record Context(int inputs, boolean shifted, Blocks parameters, Blocks state) {}
}
