package io.millrace.nn.layer.recurrent;

import io.millrace.nn.layer.Arguments;
import io.millrace.nn.layer.LayerForm;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Layout;
import io.millrace.nn.layer.Node;
import io.millrace.nn.layer.Shape;
import java.util.Locale;
import java.util.function.Function;

/**
 * A recurrent layer over a sequence. Its state starts at zero in each row, and each step computes it from the inputs of the step and the state before.
 *
 * @param in shape of a row of inputs, steps x features
 * @param cell what a step computes
 * @param size number of units, {@code >= 1}: the numbers of a state
 * @param truncate steps of a block of truncated backpropagation through time, {@code >= 1}; more than there are stand for all. Blocks are counted from
 *     the last step. The gradient does not flow from the first step of a block to the step before (Williams and Peng, 1990); the state does
 * @param states which states are the output
 */
public record Recurrent(Shape in, Cell cell, int size, int truncate, States states) implements LayerKind {
    /** Most numbers of all steps or of a matrix: a network with few parameters could claim any memory otherwise. */
    private static final long MOST = 1 << 24;

    /** Checks the ranges. */
    public Recurrent {
        if (size < 1 || truncate < 1) {
            throw new IllegalArgumentException(
                    size + " units and blocks of " + truncate + " steps: give at least 1 of each");
        }
        truncate = Math.min(truncate, in.height());
        if (in.width() > 1 || in.isFlat()) {
            throw new IllegalArgumentException(cell.name()
                    + " is for a sequence of steps x features, for example 32x8, and what enters is "
                    + (in.isFlat()
                            ? in + " numbers without places (a recurrent layer gives a sequence with states=all)"
                            : "an image of " + in));
        }
        requireMost(in.height(), size, "the states of all steps are");
        requireMost(in.height(), in.channels(), "what enters is");
        requireMost((long) cell.gates() * Math.max(in.channels(), size), size, "the weights are");
    }

    private static void requireMost(long rows, long columns, String what) {
        if (rows > MOST / columns) {
            throw new IllegalArgumentException(
                    what + " " + rows + " x " + columns + " numbers; at most " + MOST + " are possible");
        }
    }

    /** How a layer of some cells is written. */
    static LayerForm form(String name, String examples, Function<Arguments, Cell> cell) {
        return new LayerForm(
                name,
                examples,
                false,
                (arguments, in) -> new Recurrent(
                        in,
                        cell.apply(arguments),
                        arguments.count("the number of units"),
                        arguments.count("truncate", in.height()),
                        arguments.choice("states", States.LAST, States.values())));
    }

    @Override
    public Shape output() {
        return states == States.ALL ? new Shape(in.height(), 1, size) : Shape.flat(size);
    }

    @Override
    public int units() {
        return output().size();
    }

    @Override
    public long parameters(long inputs) {
        return (long) cell.gates() * size * (in.channels() + size) + (long) cell.sums() * size;
    }

    /** The states of all steps. */
    @Override
    public long kept() {
        return (long) in.height() * Layout.pad(size);
    }

    /** Those of the products with weights. */
    @Override
    public long multiplications(long inputs) {
        return (long) in.height() * cell.gates() * size * (in.channels() + size);
    }

    /** All steps have the same mask (Gal and Ghahramani, 2016). */
    @Override
    public int inputsOfMask(int inputs) {
        return in.channels();
    }

    @Override
    public Node node(Context context) {
        in.requireInputs(context.inputs(), this);
        return new RecurrentNode(context, this);
    }

    @Override
    public String written() {
        return String.format(
                Locale.ROOT,
                "%s(%d%s%s%s)",
                cell.name(),
                size,
                cell.option(),
                truncate == in.height() ? "" : ", truncate=" + truncate,
                states == States.LAST ? "" : ", states=" + states);
    }

    @Override
    public String toString() {
        return LayerForm.shaped(this, in);
    }
}
