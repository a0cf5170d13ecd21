package io.millrace.nn.layer;

/** A node with a table of parameters, of which a batch meets only the rows that its {@link Tokens} name. */
public interface TableNode {
    /** The shape of the table. */
    Table shape();

    /**
     * Gives the node its place in the parameters, where tables are behind all layers.
     *
     * @param index index of the table in the {@link Tokens}
     */
    void place(Block placeOfTable, int index);

    /** The place of the table in the parameters. */
    Block block();
}
