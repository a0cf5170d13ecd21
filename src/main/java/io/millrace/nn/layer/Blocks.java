package io.millrace.nn.layer;

/**
 * Gives a layer's nodes their parameters or their state. The order of the calls is the order of the blocks in a saved model. A layer that
 * shares the parameters of another gets the blocks of the other.
 */
public interface Blocks {
    /** A matrix {@code [rows x width]}, which penalties and weight decay act on. */
    Block matrix(String name, int rows, int width);

    /** A vector {@code [width]}, free of penalties and weight decay. */
    Block vector(String name, int width);
}
