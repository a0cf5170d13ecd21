package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;

/**
 * One operation of a network, which is an acyclic graph of nodes. A node reads rows and writes rows ({@link Ports}); its parameters and its
 * state are {@link Block}s of arrays that the network owns ({@link Pass}). An instance serves one thread at a time, so it may own memory. The
 * methods {@code prepare...} allocate it, no others, the constructor neither: whether a network fits into memory shows later.
 *
 * <p>Order of calls in a step: {@link #forward} of all nodes; {@link #backward} of all in reverse order; if the gradient is small enough,
 * {@link #parameterGradient} of all in reverse order; {@link #updateState} of all. For the product {@code H v} of the Hessian with a
 * vector (Pearlmutter, 1994): after {@link #parameterGradient}, {@link #forwardTangent} of all, and {@link #backwardTangent} of all in reverse order.
 * There {@code R(x)} is the derivative of {@code x} along {@code v}.
 *
 * <p>The node behind may overwrite what a node puts out, if it works in place; a node whose backward pass needs its own output keeps a copy,
 * or is the last of its layer.
 */
public interface Node {
    /** Width of what it puts out. */
    int width();

    /**
     * Whether it replaces its first input by its output, so that both are the same rows, and so are the gradients by them. No other node
     * reads that input.
     */
    default boolean inPlace() {
        return false;
    }

    /** Whether predictions go past this node, as if its output were its first input. */
    default boolean trainingOnly() {
        return false;
    }

    /** Whether {@link #forward} differs from {@link #predict}. */
    default boolean differsInTraining() {
        return trainingOnly();
    }

    /**
     * Whether it has no parameters and does not need the gradient by its output once {@link #backward} has handed it on; then that gradient
     * lies in memory that other nodes use as well.
     */
    default boolean passesOn() {
        return false;
    }

    /** Whether the gradient of one row by its parameters goes through {@link Pass#outer} alone. So it does for those without parameters. */
    default boolean writesOuterProducts() {
        return false;
    }

    /**
     * First values of its parameters, which are zero before.
     *
     * @param random the stream of the layer
     */
    default void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {}

    /** First values of its state, which is zero before. */
    default void initializeState(float[] state) {}

    /** Allocates what predictions need, and training as well. */
    default void prepare(Pass pass, int maxRows) {}

    /** Computes its output in a prediction, each row for itself. */
    void predict(Pass pass, Ports values);

    /**
     * Allocates what training needs besides.
     *
     * @param maxRows the largest batch
     * @param gradients as {@link #backward} will have them
     */
    default void prepareTraining(Pass pass, int maxRows, Ports gradients) {}

    /** Computes its output in training. */
    default void forward(Pass pass, Ports values) {
        predict(pass, values);
    }

    /**
     * From the gradient by its output to the gradients by its inputs.
     *
     * @param values of {@link #forward}
     * @param gradients by the output, {@code y}, and by the inputs, {@code x}, which are overwritten; null where nobody needs one
     * @return bound of an element of the gradient by its parameters, by the largest factors of its sum; 0 without parameters. Above a limit
     *     the step is refused
     */
    double backward(Pass pass, Ports values, Ports gradients);

    /** Writes the gradient by its parameters. The gradient by its output is as {@link #backward} left it. */
    default void parameterGradient(Pass pass, Ports values, Ports gradients) {}

    /** Moves its state by the batch of the last {@link #forward}. */
    default void updateState(Pass pass) {}

    /** Whether it has tangent passes. Without them the curvature of the network is refused. */
    default boolean hasTangents() {
        return false;
    }

    /**
     * Allocates what the tangent passes need.
     *
     * @param maxRows the largest batch
     * @param gradients as {@link #backward} will have them
     */
    default void prepareTangents(Pass pass, int maxRows, Ports gradients) {}

    /**
     * Whether {@link #backwardTangent} needs the gradient by the node's output as it came, although it works in place; then the gradient by its first
     * input has memory of its own from the time of {@link #prepareTangents}.
     */
    default boolean tangentsNeedGradient() {
        return false;
    }

    /**
     * Computes {@code R} of its output.
     *
     * @param values of {@link #forward}
     * @param tangents {@code R} of the inputs, null for one that does not depend on parameters, and of the output
     */
    default void forwardTangent(Pass pass, Ports values, Ports tangents) {
        throw new UnsupportedOperationException("a " + getClass().getSimpleName() + " has no tangent passes");
    }

    /**
     * From {@code R} of the gradient by its output to {@code R} of the gradients by its inputs, and by its parameters, which is added to
     * {@link Pass#product()}.
     *
     * @param values of {@link #forward}
     * @param gradients of {@link #backward}
     * @param tangents of {@link #forwardTangent}
     * @param gradientTangents {@code R} of {@code gradients}: {@code x} are overwritten, null where nobody needs one
     */
    default void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        throw new UnsupportedOperationException("a " + getClass().getSimpleName() + " has no tangent passes");
    }
}
