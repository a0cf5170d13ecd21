package io.millrace.comparison;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerKind;
import io.millrace.nn.layer.Shape;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.loss.Loss;
import io.millrace.nn.network.Architecture;
import io.millrace.nn.network.LayersParser;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network with rectifiers and a softmax on top, as far as a benchmark must know it.
 *
 * @param parts shape of the inputs, hidden layers, outputs: a number is a fully connected layer, other layers are as in {@code model.layers}
 */
record NetworkShape(List<String> parts) {
    private static final String NUMBER = "\\d{1,6}";

    NetworkShape {
        parts = List.copyOf(parts);
    }

    /** The inverse of {@link #toString}. */
    static NetworkShape parse(String text) {
        String layer = NUMBER + "|[a-z]+\\([a-z0-9,=]*\\)";
        if (!text.matches(NUMBER + "(x" + NUMBER + "){0,2}(-(" + layer + "))*-" + NUMBER)) {
            throw new IllegalArgumentException(
                    "the network is \"" + text
                            + "\": give inputs, layers and outputs as in 784-128-10, 32x8-lstm(32)-10 or 28x28x1-conv(16,3x3)-pool(2x2)-64-10");
        }
        return new NetworkShape(Arrays.asList(text.split("-")));
    }

    /** Whether it has layers that are not fully connected. */
    boolean shaped() {
        return !parts.stream().allMatch(part -> part.matches(NUMBER));
    }

    /** Widths of inputs, hidden layers and outputs, unless it is {@link #shaped}. */
    List<Integer> widths() {
        return parts.stream().map(Integer::valueOf).toList();
    }

    private Shape shape() {
        return Shape.of(parts.get(0));
    }

    int inputs() {
        return shape().size();
    }

    int outputs() {
        return Integer.parseInt(parts.get(parts.size() - 1));
    }

    Architecture architecture() {
        String hidden = parts.subList(1, parts.size() - 1).stream()
                .map(part -> part.matches(NUMBER) ? "dense(" + part + ")" : part)
                .collect(Collectors.joining(", "));
        List<Layer> layers =
                LayersParser.parse(hidden.isEmpty() ? "output" : hidden, shape(), outputs(), Map.of(), Activation.RELU);
        return new Architecture(inputs(), layers, Loss.SOFTMAX_CROSS_ENTROPY);
    }

    /**
     * Floating point operations of the products of a training step: two for each multiplication of a row's forward pass, two for the gradient
     * of the weights and two for the gradient of the inputs, which the first layer does not need. Biases, activations, loss and optimizer are not
     * counted.
     */
    double trainingFlops(int rows) {
        LayerKind first = architecture().layers().get(0).kind();
        double ofInputs = first.multiplications(inputs());
        if (first instanceof Recurrent recurrent) {
            int features = recurrent.in().channels();
            ofInputs *= (double) features / (features + recurrent.size());
        }
        return rows * (3 * predictionFlops() - 2 * ofInputs);
    }

    /** Floating point operations of the products of one row's forward pass. */
    double predictionFlops() {
        double multiplications = 0;
        int inputs = inputs();
        for (Layer layer : architecture().layers()) {
            multiplications += layer.kind().multiplications(inputs);
            inputs = layer.units();
        }
        return 2 * multiplications;
    }

    @Override
    public String toString() {
        return String.join("-", parts);
    }
}
