package io.millrace.nn.layer;

/**
 * What enters and what leaves a node: its rows, or the gradients by them, or the derivatives of either along a direction.
 *
 * @param x by the node's inputs, in their order
 * @param y by its output
 */
public record Ports(Rows[] x, Rows y) {
    /** By the first input, often the only one. */
    public Rows x0() {
        return x[0];
    }
}
