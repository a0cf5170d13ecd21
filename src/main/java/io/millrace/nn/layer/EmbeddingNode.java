package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;
import java.util.Arrays;

/**
 * The vectors of a table: {@code y} is {@value #SCALE} times the mean of the vectors that the row's {@link Tokens} name, in their order, or
 * zero if they name none. An element of the gradient is one chain over the rows and tokens of the batch. The table starts near zero.
 */
public final class EmbeddingNode implements Node, TableNode {
    /**
     * A step of an adaptive optimizer moves an element by the learning rate at most, and a row is met seldom: the factor lets rows reach the
     * magnitude of other inputs in fewer meetings. docs/design.md has the measurements.
     */
    static final float SCALE = 4;

    /** Largest magnitude of a first value. Exact zeros would leave rectifiers without a gradient where tables are the only inputs. */
    private static final double START = 1e-3;

    private final Table shape;
    private int table;
    private Block block;

    public EmbeddingNode(Table shape) {
        this.shape = shape;
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

    @Override
    public int width() {
        return shape.width();
    }

    /** Uniform in {@code [-START, START)}. */
    @Override
    public void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {
        for (int i = 0; i < shape.rows(); i++) {
            for (int j = 0; j < shape.width(); j++) {
                parameters[offset(i) + j] = (float) (START * (2 * random.nextDouble() - 1));
            }
        }
    }

    @Override
    public void predict(Pass pass, Ports values) {
        mean(pass, pass.parameters(), values.y());
    }

    private void mean(Pass pass, float[] vectors, Rows y) {
        Tokens tokens = pass.tokens();
        int stride = y.stride();
        for (int row = 0; row < pass.rows(); row++) {
            int start = tokens.start(row, table);
            int end = tokens.end(row, table);
            Arrays.fill(y.floats(), row * stride, (row + 1) * stride, 0f);
            float share = SCALE / (end - start);
            for (int i = start; i < end; i++) {
                Rows.addProduct(share, vectors, offset(tokens.id(i)), y.floats(), row * stride, stride);
            }
        }
    }

    private int offset(int id) {
        return block.offset() + id * block.stride();
    }

    /** An element of the gradient has at most {@value #SCALE} times the whole gradient of each row. */
    @Override
    public double backward(Pass pass, Ports values, Ports gradients) {
        return SCALE * pass.rows() * gradients.y().largestMagnitude(pass);
    }

    /** Adds {@code SCALE dy / n} to each of the n rows that are met; the trainer has cleared them. */
    @Override
    public void parameterGradient(Pass pass, Ports values, Ports gradients) {
        add(pass, gradients.y(), pass.gradient());
    }

    private void add(Pass pass, Rows dy, float[] sum) {
        Tokens tokens = pass.tokens();
        int stride = dy.stride();
        for (int row = 0; row < pass.rows(); row++) {
            int start = tokens.start(row, table);
            int end = tokens.end(row, table);
            float share = SCALE / (end - start);
            for (int i = start; i < end; i++) {
                Rows.addProduct(share, dy.floats(), row * stride, sum, offset(tokens.id(i)), stride);
            }
        }
    }

    @Override
    public boolean hasTangents() {
        return true;
    }

    @Override
    public void forwardTangent(Pass pass, Ports values, Ports tangents) {
        mean(pass, pass.direction(), tangents.y());
    }

    @Override
    public void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        add(pass, gradientTangents.y(), pass.product());
    }
}
