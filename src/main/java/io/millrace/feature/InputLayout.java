package io.millrace.feature;

import java.util.List;

/**
 * The inputs of a model with declared features, in the declared order.
 *
 * @param declaration the declaration in canonical form; part of the shape of the model
 * @param inputs numbers, one for each
 * @param tables tables of learned vectors
 */
public record InputLayout(String declaration, List<DenseInput> inputs, List<TableInput> tables) {
    /** Copies the lists. */
    public InputLayout {
        inputs = List.copyOf(inputs);
        tables = List.copyOf(tables);
    }
}
