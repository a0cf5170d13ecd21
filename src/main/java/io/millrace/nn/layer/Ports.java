package io.millrace.nn.layer;

/**
 * The rows of a node's inputs and output, or their gradients, or the derivatives of either along a direction.
 *
 * @param x rows for the node's inputs, in their order
 * @param y rows for its output
 */
public record Ports(Rows[] x, Rows y) {
    /** The rows for the first input, often the only one. */
    public Rows x0() {
        return x[0];
    }
}
