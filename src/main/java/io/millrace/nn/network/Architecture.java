package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.Identity;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.SparseDense;
import io.millrace.nn.layer.Table;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.loss.Loss;
import java.util.List;
import java.util.Objects;

/**
 * The shape of a network and its loss. The layers form a list; each layer reads the one before unless its {@link Wiring} says otherwise.
 *
 * @param inputs numbers in a row of inputs, {@code >= 1}, or 0 with tables or sparse inputs
 * @param tables embedding tables, whose vectors follow the numbers in the input of the first layer
 * @param layers from the first hidden layer to the output layer; the last has one unit for each output and the
 *     activation identity, because the loss applies its link to the logits
 * @param loss the loss that training minimises
 */
public record Architecture(int inputs, List<Table> tables, List<Layer> layers, Loss loss) {
    /** Checks the shape. */
    public Architecture {
        tables = List.copyOf(tables);
        layers = List.copyOf(layers);
        boolean sparse = !layers.isEmpty() && layers.get(0).kind() instanceof SparseDense;
        if (inputs < (tables.isEmpty() && !sparse ? 1 : 0)) {
            throw new IllegalArgumentException("a network has " + inputs + " inputs: give at least 1");
        }
        Objects.requireNonNull(loss, "loss");
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network has no layers: give at least the output layer");
        }
        Activation last = layers.get(layers.size() - 1).activation();
        if (!last.equals(Activation.IDENTITY)) {
            throw new IllegalArgumentException("the output layer has the activation " + last.name() + ": give "
                    + Identity.NAME + ", since the loss " + loss.name() + " applies its own link");
        }
        new Graph(inputs, tables, layers); // refuses layers that cannot be connected
    }

    /** A network without tables. */
    public Architecture(int inputs, List<Layer> layers, Loss loss) {
        this(inputs, List.of(), layers, loss);
    }

    /**
     * The shape of the input if a layer reads it as a sequence; else null. A row of such a network may begin with padded steps, whose numbers
     * are NaN. Resolves the wiring, so not for hot paths.
     */
    public Shape inputSequence() {
        return graph().inputSequence();
    }

    /** Whether the network reads so many numbers and these tables. */
    public boolean inputsAre(int numbers, List<Table> tablesOfInput) {
        return inputs == numbers && tables.equals(tablesOfInput);
    }

    /** Width of a row of logits or scores. */
    public int outputs() {
        return layers.get(layers.size() - 1).units();
    }

    /** Number of floats in the target of one row. */
    public int targetWidth() {
        return loss.targetWidth(outputs());
    }

    /** Number of inputs of layer {@code l}, counted from 0: the rows of its weights. Resolves the wiring, so not for hot paths. */
    public int inputsOf(int l) {
        return graph().inputsOf(l);
    }

    /** The shape that parameters depend on, on one line: inputs, layers, loss. It does not contain options of training such as dropout. */
    public String shape() {
        StringBuilder text = new StringBuilder().append(inputs);
        tables.forEach(table -> text.append('+').append(table));
        layers.forEach(layer -> text.append('-')
                .append(layer.kind())
                .append(':')
                .append(layer.activation().name())
                .append(layer.normalized() ? ":batch_norm" : "")
                .append(layer.wiring()));
        return text.append(' ').append(loss.name()).toString();
    }

    /** A new graph of the network's nodes. */
    Graph graph() {
        return new Graph(inputs, tables, layers);
    }

    /** Units of layer {@code l}, counted from 0. */
    public int outputsOf(int l) {
        return layers.get(l).units();
    }
}
