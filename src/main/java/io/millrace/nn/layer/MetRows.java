package io.millrace.nn.layer;

import io.millrace.nn.optimizer.Ranges;
import java.util.Arrays;

/**
 * Finds the rows of a table that a batch meets. Only they have a gradient, so a step changes only them and their moments, as PyTorch's SparseAdam
 * and TensorFlow's lazy optimizers do. A large table therefore costs memory, not time.
 */
public final class MetRows {
    private final Block block;
    private final int table;
    private final int stride;
    private final int[] lastBatch; // per row of the table: the last batch that met it
    private int batch;

    /**
     * @param block place of the table in the parameters
     * @param table index of the table
     */
    public MetRows(Block block, int table) {
        this.block = block;
        this.table = table;
        stride = block.stride();
        lastBatch = new int[block.rows()];
    }

    /** Number of rows of the table. */
    public int rows() {
        return block.rows();
    }

    /** Appends the rows that the first {@code rows} rows of a batch meet, each once, in the order of their first mention. */
    public void collect(Tokens tokens, int rows, Ranges ranges) {
        if (++batch == Integer.MAX_VALUE) {
            Arrays.fill(lastBatch, 0);
            batch = 1;
        }
        for (int row = 0; row < rows; row++) {
            int from = tokens.start(row, table);
            int to = tokens.end(row, table);
            ranges.reserve(to - from);
            for (int i = from; i < to; i++) {
                int id = tokens.id(i);
                int offset = block.offset() + id * stride;
                ranges.addIf(lastBatch[id] != batch, offset, offset + stride);
                lastBatch[id] = batch;
            }
        }
    }
}
