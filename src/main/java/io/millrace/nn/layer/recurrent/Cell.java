package io.millrace.nn.layer.recurrent;

import io.millrace.nn.kernels.Kernels;

/**
 * The arithmetic of one step of a recurrent layer, element by element: from the sums of its gates to its state. {@link RecurrentNode} does what cells have in
 * common: the products with the weights, the steps, and what is written. Implementations are immutable values.
 *
 * <p>Each quantity has an array with {@code [rows x stride]} numbers for each step; those of one step are at the same indices in all of them, so that loops
 * over several are vectorised. The arrays are, by their index:
 *
 * <ul>
 *   <li>from 0, the {@link #sums()} of the gates
 *   <li>{@link #state()}, the state {@code h}, which is the output and multiplies the weights in the next step
 *   <li>{@link #before()} and {@link #after()}, if the cell {@link #carries()}: what enters the step from the one before element by element, and what leaves
 *       it. Before the first step it is zero
 *   <li>from {@code after() + 1}, the {@link #kept()} values that only the backward pass needs; gradients have no such arrays
 * </ul>
 *
 * <p>The padding of sums and states is zero and stays zero, and that of their gradients.
 */
public interface Cell {
    /** How it is written. */
    String name();

    /** What is written behind the number of units, for example {@code ", relu"}. */
    default String option() {
        return "";
    }

    /** Number of gates. Each has a matrix for the inputs and one for {@code h}. */
    int gates();

    /** Number of sums, each with a bias: one for each gate, and more where the two products of a gate are not added up. */
    default int sums() {
        return gates();
    }

    /** The sum that contains the product of {@code h} and a gate's matrix. That of the inputs is in the sum with the index of the gate. */
    default int sumOfState(int gate) {
        return gate;
    }

    /** The first bias of a sum. */
    default float bias(int sum) {
        return 0;
    }

    /** Whether something enters a step from the one before without a matrix. */
    boolean carries();

    /** Number of values that {@link #forward} keeps besides. */
    default int kept() {
        return 0;
    }

    /** Index of {@code h}. */
    default int state() {
        return sums();
    }

    /** Index of what the step before gave. */
    default int before() {
        return sums() + 1;
    }

    /** Index of what the step gives to the next. */
    default int after() {
        return sums() + 2;
    }

    /**
     * Computes a step from its sums, which it replaces by the values of the gates.
     *
     * @param v the arrays
     * @param at index of the first number of the step
     * @param to index after its last
     */
    void forward(Kernels kernels, float[][] v, int at, int to);

    /**
     * Computes the gradients of the sums and of what enters, from those of the state and of what leaves, which it may add to.
     *
     * @param v as {@link #forward} left it
     * @param d the gradients
     */
    void backward(float[][] v, float[][] d, int at, int to);

    /**
     * Computes the derivatives of a step along a direction from those of its sums, which it replaces by those of the gates.
     *
     * @param v as {@link #forward} left it
     * @param r the derivatives {@code R(v)}
     */
    void forwardTangent(float[][] v, float[][] r, int at, int to);

    /**
     * Computes the derivatives along a direction of what {@link #backward} computes.
     *
     * @param v as {@link #forward} left it
     * @param d as {@link #backward} left it
     * @param r as {@link #forwardTangent} left it
     * @param rd the derivatives {@code R(d)}
     */
    void backwardTangent(float[][] v, float[][] d, float[][] r, float[][] rd, int at, int to);
}
