package io.millrace.nn.layer;

import io.millrace.nn.initializer.Initializer;
import io.millrace.nn.initializer.SplitMix64;

/**
 * One operation of a network, which is an acyclic graph of nodes. A node reads rows and writes rows ({@link Ports}); its parameters and its
 * state are {@link Block}s of arrays that the network owns ({@link Pass}). An instance is for one thread at a time, so it may own memory. Only
 * the methods {@code prepare...} allocate it. The constructor does not, so that a network can be described before it must fit into memory.
 *
 * <p>Order of calls in a step: {@link #forward} of all nodes; {@link #backward} of all in reverse order; if the gradient is small enough,
 * {@link #parameterGradient} of all in reverse order; {@link #updateState} of all. For the product {@code H v} of the Hessian with a
 * vector (Pearlmutter, 1994): after {@link #parameterGradient}, {@link #forwardTangent} of all, and {@link #backwardTangent} of all in reverse order.
 * There {@code R(x)} is the derivative of {@code x} along {@code v}.
 *
 * <p>The next node may overwrite a node's output, if the next one works in place. A node whose backward pass needs its own output must keep a
 * copy or be the last of its layer.
 */
public interface Node {
    /** Width of the output. */
    int width();

    /**
     * Whether the node replaces its first input by its output, so that both have the same rows, and their gradients too. No other node
     * reads this input.
     */
    default boolean inPlace() {
        return false;
    }

    /** Whether predictions skip this node, as if its output were its first input. */
    default boolean trainingOnly() {
        return false;
    }

    /** Whether {@link #forward} differs from {@link #predict}. */
    default boolean differsInTraining() {
        return trainingOnly();
    }

    /**
     * Whether the node has no parameters and does not need the gradient of its output after {@link #backward}. Then the memory of this
     * gradient is shared with other nodes.
     */
    default boolean passesOn() {
        return false;
    }

    /** Whether the parameter gradient of one row uses only {@link Pass#outer}. This is also true for nodes without parameters. */
    default boolean writesOuterProducts() {
        return false;
    }

    /**
     * Sets the first values of its parameters, which are zero before.
     *
     * @param random random stream of the layer
     */
    default void initialize(float[] parameters, Initializer initializer, SplitMix64 random) {}

    /** Sets the first values of its state, which is zero before. */
    default void initializeState(float[] state) {}

    /** Allocates the memory that both predictions and training need. */
    default void prepare(Pass pass, int maxRows) {}

    /** Computes its output in a prediction, each row independently. */
    void predict(Pass pass, Ports values);

    /**
     * Allocates the additional memory for training.
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
     * Computes the gradients of the inputs from the gradient of the output.
     *
     * @param values inputs and output of {@link #forward}
     * @param gradients gradient of the output, {@code y}, and gradients of the inputs, {@code x}, which are overwritten; null where none is
     *     needed
     * @return upper bound for an element of the parameter gradient, from the largest factors of its sum; 0 without parameters. If it is above
     *     a limit, the step is refused
     */
    double backward(Pass pass, Ports values, Ports gradients);

    /** Writes the gradient of its parameters. The gradient of the output is as {@link #backward} left it. */
    default void parameterGradient(Pass pass, Ports values, Ports gradients) {}

    /** Updates its state with the batch of the last {@link #forward}. */
    default void updateState(Pass pass) {}

    /** Whether the node has tangent passes, without which the curvature of the network cannot be computed. */
    default boolean hasTangents() {
        return false;
    }

    /**
     * Allocates the memory for the tangent passes.
     *
     * @param maxRows the largest batch
     * @param gradients as {@link #backward} will have them
     */
    default void prepareTangents(Pass pass, int maxRows, Ports gradients) {}

    /**
     * Whether {@link #backwardTangent} needs the unchanged gradient of the output although the node works in place. Then the gradient of its
     * first input has separate memory after {@link #prepareTangents}.
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
     * Computes {@code R} of the gradients of the inputs from {@code R} of the gradient of the output. Adds {@code R} of the parameter gradient
     * to {@link Pass#product()}.
     *
     * @param values inputs and output of {@link #forward}
     * @param gradients gradients of {@link #backward}
     * @param tangents tangents of {@link #forwardTangent}
     * @param gradientTangents {@code R} of {@code gradients}: {@code x} are overwritten; null where none is needed
     */
    default void backwardTangent(Pass pass, Ports values, Ports gradients, Ports tangents, Ports gradientTangents) {
        throw new UnsupportedOperationException("a " + getClass().getSimpleName() + " has no tangent passes");
    }
}
