package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;

/**
 * The units of a {@link SparseDense}. An element of {@code Y} is one chain that starts at the bias and goes over the dense inputs, then over the
 * row's tokens. An element of the gradient by {@code S} is one chain over the rows of the batch.
 */
final class SparseDenseNode implements Node, TableNode {
    private final DenseNode dense;
    private final int in;
    private final Table shape;
    private int table;
    private Block block; // S [sparse x stride]

    SparseDenseNode(LayerKind.Context context, int units, int sparse) {
        in = context.inputs();
        dense = new DenseNode(context, units, sparse);
        shape = new Table(sparse, units);
    }

    @Override
    public boolean writesOuterProducts() {
        return true;
    }

    @Override
    public int width() {
        return shape.width();
    }

    @Override
    public Table shape() {
        return shape;
    }

    @Override
    public void place(Block placeOfTable, int index) {
        block = placeOfTable;
        table = index;
    }

    @Override
    public Block block() {
        return block;
    }

    /** All inputs count as the fan-in, the sparse ones too. */
    @Override
    public void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        dense.initialize(parameters, initializer, random);
        for (int i = 0; i < shape.rows(); i++) {
            for (int j = 0; j < shape.width(); j++) {
                parameters[offset(i) + j] = initializer.weight(random, in + shape.rows(), shape.width());
            }
        }
    }

    private int offset(int id) {
        return block.offset() + id * block.stride();
    }

    @Override
    public void prepare(Pass pass, int maxRows) {
        dense.prepare(pass, maxRows);
    }

    @Override
    public void predict(Pass pass, Ports values) {
        dense.predict(pass, values);
        addRows(pass, pass.parameters(), values.y());
    }

    private void addRows(Pass pass, float[] s, Rows y) {
        Tokens tokens = pass.tokens();
        int stride = y.stride();
        for (int row = 0; row < pass.rows(); row++) {
            pass.kernels()
                    .addRows(
                            tokens.start(row, table),
                            tokens.end(row, table),
                            tokens.ids(),
                            tokens.values(),
                            s,
                            block.offset(),
                            stride,
                            y.floats(),
                            row * stride);
        }
    }

    @Override
    public void prepareTraining(Pass pass, int maxRows, Ports gradients) {
        dense.prepareTraining(pass, maxRows, gradients);
    }

    /** An element of the gradient by S is a sum over the rows of products of a token's value, at most 1 in magnitude, and of an element of dY. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        return dense.backward(pass, values, gradients);
    }

    /** Adds to the rows of S that are met, which the trainer has cleared, or updates those that a single row meets. */
    @Override
    public void parameterGradient(Pass pass, Ports values, Ports gradients) {
        dense.parameterGradient(pass, values, gradients);
        Tokens tokens = pass.tokens();
        Rows dy = gradients.y();
        int stride = dy.stride();
        if (pass.updatesAtOnce()) {
            pass.updateRows(tokens.start(0, table), tokens.end(0, table), dy.floats(), stride, block.offset());
            return;
        }
        for (int row = 0; row < pass.rows(); row++) {
            pass.kernels()
                    .addToRows(
                            tokens.start(row, table),
                            tokens.end(row, table),
                            tokens.ids(),
                            tokens.values(),
                            dy.floats(),
                            row * stride,
                            stride,
                            pass.gradient(),
                            block.offset());
        }
    }
}
