package io.millrace.nn.network;

import io.millrace.nn.layer.MetRows;
import io.millrace.nn.layer.Tokens;
import io.millrace.nn.optimizer.Ranges;
import java.util.Arrays;

/**
 * The ranges of the parameters that a step changes: all layers, and of the embedding tables the rows that the batch meets. Keeps the
 * gradient zero elsewhere.
 */
final class SparseSteps {
    private final MetRows[] tables;
    private final Ranges ranges;
    private final ChangedRows changed;

    SparseSteps(Network network) {
        tables = network.tables();
        ranges = network.layout().denseRange();
        changed = new ChangedRows(Arrays.stream(tables).mapToInt(MetRows::rows).sum());
    }

    /** Finds the ranges for a batch, and clears the gradient of the former rows of tables. */
    void begin(Tokens tokens, int rows, float[] gradient) {
        if (tables.length == 0) {
            return;
        }
        for (int i = 1; i < ranges.size(); i++) {
            Arrays.fill(gradient, ranges.from(i), ranges.to(i), 0f);
        }
        ranges.truncate(1);
        for (MetRows table : tables) {
            table.collect(tokens, rows, ranges);
        }
        for (int i = 1; i < ranges.size(); i++) {
            changed.add(ranges.from(i));
        }
    }

    Ranges ranges() {
        return ranges;
    }

    /** The rows of tables that batches have met. */
    ChangedRows changed() {
        return changed;
    }
}
