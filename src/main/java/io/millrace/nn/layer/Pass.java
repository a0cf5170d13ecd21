package io.millrace.nn.layer;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.optimizer.OuterUpdate;

/**
 * The data that all nodes of a network share in a pass: rows, parameters, state, and the arrays that the pass writes. The arrays are those of
 * the whole network; a node reads and writes its own {@link Block}s of them. For one thread.
 */
public final class Pass {
    private static final float[] NONE = {};

    private final Kernels kernels;
    private final float[][] scratch = {NONE, NONE, NONE};
    private int rows;
    private int[] padded = {}; // per row: steps at the start of the input that are padding
    private Tokens tokens;
    private float[] parameters;
    private float[] state;
    private long seed;
    private long step;
    private float[] gradient;
    private boolean adding;
    private OuterUpdate update;
    private float[] direction;
    private float[] product;

    /** No pass yet. */
    public Pass(Kernels kernels) {
        this.kernels = kernels;
    }

    /** Begins a forward pass. */
    public void forward(float[] networkParameters, float[] networkState, int rowsOfBatch) {
        parameters = networkParameters;
        state = networkState;
        rows = rowsOfBatch;
    }

    /** Makes room for the padded steps of so many rows. */
    void reservePadded(int maxRows) {
        padded = new int[maxRows];
    }

    /** Sets how many steps at the start of a row of the input are padding. */
    void padded(int row, int steps) {
        padded[row] = steps;
    }

    /** How many steps at the start of a row of the input are padding. Only where the input is a sequence. */
    int padded(int row) {
        return padded[row];
    }

    /** Sets the tokens of the rows of all later passes; the caller changes their content. */
    public void tokens(Tokens tokensOfRows) {
        tokens = tokensOfRows;
    }

    /** The ids that each row names; null for networks without tables. */
    public Tokens tokens() {
        return tokens;
    }

    /**
     * Sets the seed and step of random choices in the forward pass of training.
     *
     * @param seedOfMasks seed of all random choices
     * @param stepsSoFar number of updates so far
     */
    public void draw(long seedOfMasks, long stepsSoFar) {
        seed = seedOfMasks;
        step = stepsSoFar;
    }

    /** Begins a backward pass that writes the gradient of the parameters. */
    public void backward(float[] networkGradient) {
        gradient = networkGradient;
        update = null;
    }

    /** Begins a backward pass of one row that updates the parameters with their gradient at once. */
    public void backwardAndUpdate(OuterUpdate outerUpdate) {
        gradient = null;
        update = outerUpdate;
    }

    /** Begins the two tangent passes, which compute derivatives along a direction and write the product of the Hessian with it. */
    public void tangent(float[] networkDirection, float[] hessianProduct) {
        direction = networkDirection;
        product = hessianProduct;
    }

    /** Sets the value of {@link #adding()} for the next node. */
    public void adding(boolean toWhatIsThere) {
        adding = toWhatIsThere;
    }

    /** The kernels for the arithmetic. */
    public Kernels kernels() {
        return kernels;
    }

    /** Rows of the batch. */
    public int rows() {
        return rows;
    }

    /** The parameters, padded. */
    public float[] parameters() {
        return parameters;
    }

    /** The state, padded. */
    public float[] state() {
        return state;
    }

    /** See {@link #draw}. */
    public long seed() {
        return seed;
    }

    /** See {@link #draw}. */
    public long step() {
        return step;
    }

    /** The gradient of the parameters, in their layout. */
    public float[] gradient() {
        return gradient;
    }

    /** Whether a node adds its part to the gradient, because it shares parameters with a later node, instead of overwriting it. */
    public boolean adding() {
        return adding;
    }

    /** The direction of the tangent passes, in the layout of the parameters. */
    public float[] direction() {
        return direction;
    }

    /** The product of the Hessian with the direction, in the layout of the parameters. It starts at zero, and each node adds its part. */
    public float[] product() {
        return product;
    }

    /**
     * Processes the gradient {@code x y^T} of one row with respect to the matrix {@code W} {@code [m x n]}: overwrites this part of
     * {@link #gradient()}, or updates {@code W} with it without writing it to memory.
     *
     * @param x {@code [m]} from 0
     * @param y {@code [n]} from 0
     * @param n a padded width
     * @param offset of {@code W} in the parameters
     */
    public void outer(int m, int n, float[] x, float[] y, int offset) {
        if (update == null) {
            kernels.outer(m, n, x, y, gradient, offset);
        } else {
            update.move(kernels, m, n, x, y, parameters, offset);
        }
    }

    /**
     * Updates the rows of a matrix that tokens name, with the gradient {@code value y^T} each. Requires {@link #updatesAtOnce}.
     *
     * @param from index of the first token
     * @param to after the last one
     * @param y {@code [n]} from 0
     * @param n a padded width
     * @param offset of the matrix in the parameters
     */
    void updateRows(int from, int to, float[] y, int n, int offset) {
        update.moveRows(kernels, from, to, tokens.ids(), tokens.values(), y, n, parameters, offset);
    }

    /** Whether {@link #outer} updates the parameters at once. */
    public boolean updatesAtOnce() {
        return update != null;
    }

    /** Makes sure that {@link #scratch} has this many floats. */
    public void reserve(int slot, int length) {
        if (scratch[slot].length < length) {
            scratch[slot] = new float[length];
        }
    }

    /** One of three arrays that all nodes share. Its content is valid only during one call. */
    public float[] scratch(int slot) {
        return scratch[slot];
    }
}
