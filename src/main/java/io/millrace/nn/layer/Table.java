package io.millrace.nn.layer;

/**
 * The shape of an embedding table: learned vectors, one for each id (Guo and Berkhahn, 2016). A row of inputs names ids ({@link Tokens}); the mean of
 * their vectors enters the network.
 *
 * @param rows number of ids, {@code >= 1}
 * @param width length of a vector, {@code >= 1}
 */
public record Table(int rows, int width) {
    /** Checks the ranges. */
    public Table {
        if (rows < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a table has " + rows + " rows of " + width + " numbers: give at least 1 of each");
        }
    }

    /** {@code 1025x8}. */
    @Override
    public String toString() {
        return rows + "x" + width;
    }
}
