package io.millrace.nn.layer;

import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.optimizer.OuterUpdate;

/**
 * What all nodes of a network go by in a pass: rows, parameters, state, and what the pass writes. Its arrays are those of the whole network;
 * a node reads and writes its own {@link Block}s of them. For one thread.
 */
public final class Pass {
    private static final float[] NONE = {};

    private final Kernels kernels;
    private final float[][] scratch = {NONE, NONE, NONE};
    private int rows;
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

    /**
     * What chance goes by in the forward pass of training.
     *
     * @param seedOfMasks of all that is drawn
     * @param stepsSoFar updates made so far
     */
    public void draw(long seedOfMasks, long stepsSoFar) {
        seed = seedOfMasks;
        step = stepsSoFar;
    }

    /** Begins a backward pass that writes the gradient by the parameters. */
    public void backward(float[] networkGradient) {
        gradient = networkGradient;
        update = null;
    }

    /** Begins a backward pass of one row that moves the parameters by their gradient at once. */
    public void backwardAndUpdate(OuterUpdate outerUpdate) {
        gradient = null;
        update = outerUpdate;
    }

    /** Begins the two passes that follow the derivatives along a direction; they write the product of the Hessian with it. */
    public void tangent(float[] networkDirection, float[] hessianProduct) {
        direction = networkDirection;
        product = hessianProduct;
    }

    /** Says for the node that comes next what {@link #adding()} answers. */
    public void adding(boolean toWhatIsThere) {
        adding = toWhatIsThere;
    }

    /** The arithmetic. */
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

    /** The gradient by the parameters, laid out as they are. */
    public float[] gradient() {
        return gradient;
    }

    /** Whether a node adds its part of the gradient to what is there, because it shares parameters with a later node, or overwrites it. */
    public boolean adding() {
        return adding;
    }

    /** The direction of the tangent passes, laid out as the parameters. */
    public float[] direction() {
        return direction;
    }

    /** The product of the Hessian with the direction, laid out as the parameters: zero at first, and each node adds its part. */
    public float[] product() {
        return product;
    }

    /**
     * The gradient of one row by the matrix {@code W} {@code [m x n]}, {@code x y^T}: overwrites that part of {@link #gradient()}, or moves
     * {@code W} by it without writing it down.
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

    /** Makes sure that {@link #scratch} has this many floats. */
    public void reserve(int slot, int length) {
        if (scratch[slot].length < length) {
            scratch[slot] = new float[length];
        }
    }

    /** Memory for the time of one call, shared by all nodes: one of three arrays. */
    public float[] scratch(int slot) {
        return scratch[slot];
    }
}
