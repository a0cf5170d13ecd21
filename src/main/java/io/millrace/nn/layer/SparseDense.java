package io.millrace.nn.layer;

/**
 * Fully connected units whose inputs are partly sparse, {@code x W + b + sum_k v_k S[i_k]}: the {@link Tokens} of a row name rows {@code i_k} of
 * {@code S} and their inputs {@code v_k}, at most 1 in magnitude, each row of {@code S} at most once. All other sparse inputs are zero. A step changes only the rows of {@code S} that the batch meets.
 *
 * @param units width of the layer
 * @param sparse number of sparse inputs, {@code >= 1}
 */
public record SparseDense(int units, int sparse) implements LayerKind {
    /** Checks the ranges. */
    public SparseDense {
        new Table(sparse, units);
    }

    @Override
    public Node node(Context context) {
        return new SparseDenseNode(context, units, sparse);
    }

    @Override
    public String toString() {
        return units + "(" + sparse + ")";
    }
}
