package io.millrace.comparison;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A perceptron with rectifiers and a softmax on top, as far as a benchmark must know it.
 *
 * @param widths inputs, hidden units of each layer, outputs
 */
record NetworkShape(List<Integer> widths) {
    NetworkShape {
        widths = List.copyOf(widths);
        if (widths.size() < 2 || widths.contains(0)) {
            throw new IllegalArgumentException("the network is " + widths + ": give at least one input and one output");
        }
    }

    /** The inverse of {@link #toString}. */
    static NetworkShape parse(String text) {
        if (!text.matches("\\d{1,6}(-\\d{1,6})+")) {
            throw new IllegalArgumentException("the network is \"" + text + "\": give widths as in 784-128-10");
        }
        return new NetworkShape(
                Arrays.stream(text.split("-")).map(Integer::valueOf).toList());
    }

    int inputs() {
        return widths.get(0);
    }

    int outputs() {
        return widths.get(widths.size() - 1);
    }

    private double weights(int layer) {
        return (double) widths.get(layer) * widths.get(layer + 1);
    }

    private double weights() {
        double sum = 0;
        for (int layer = 0; layer + 1 < widths.size(); layer++) {
            sum += weights(layer);
        }
        return sum;
    }

    /**
     * Floating point operations of the products of a training step: two for each weight and row in the forward pass, two for the gradient
     * of the weights and two for the gradient of the inputs, which the first layer does not need: {@code rows (6 sum_l w_l - 2 w_1)}. Biases,
     * activations, loss and optimizer are not counted.
     */
    double trainingFlops(int rows) {
        return rows * (6 * weights() - 2 * weights(0));
    }

    /** Floating point operations of the products of one row's forward pass. */
    double predictionFlops() {
        return 2 * weights();
    }

    @Override
    public String toString() {
        return widths.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }
}
