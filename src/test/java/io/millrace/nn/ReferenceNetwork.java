package io.millrace.nn;

/** The objective in double precision, written the shortest way: what gradients are checked against. */
final class ReferenceNetwork {
    private final Architecture architecture;
    private final double l2;
    private final double l1;

    ReferenceNetwork(Architecture architecture, double l2, double l1) {
        this.architecture = architecture;
        this.l2 = l2;
        this.l1 = l1;
    }

    /** {@code 1/rows sum_i weights[i] loss_i + penalties}, at canonical parameters. */
    double objective(double[] parameters, float[] inputs, float[] targets, float[] weights, int rows) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += weights[i] * loss(logits(parameters, inputs, i), targets, i * architecture.targetWidth());
        }
        return sum / rows + penalty(parameters);
    }

    double[] logits(double[] parameters, float[] inputs, int row) {
        double[] h = new double[architecture.inputs()];
        for (int k = 0; k < h.length; k++) {
            h[k] = inputs[row * h.length + k];
        }
        int p = 0;
        for (Layer layer : architecture.layers()) {
            double[] z = new double[layer.units()];
            for (int k = 0; k < h.length; k++) {
                for (int j = 0; j < z.length; j++) {
                    z[j] += h[k] * parameters[p++];
                }
            }
            for (int j = 0; j < z.length; j++) {
                z[j] = activate(layer.activation(), z[j] + parameters[p++]);
            }
            h = z;
        }
        return h;
    }

    private static double activate(Activation activation, double z) {
        if (activation instanceof LeakyRelu leaky) {
            return z > 0 ? z : leaky.slope() * z;
        }
        return switch (activation.name()) {
            case "identity" -> z;
            case "relu" -> Math.max(z, 0);
            case "tanh" -> Math.tanh(z);
            case "sigmoid" -> 1 / (1 + Math.exp(-z));
            default -> throw new AssertionError(activation);
        };
    }

    double loss(double[] z, float[] targets, int offset) {
        double sum = 0;
        switch (architecture.loss().name()) {
            case "softmax_cross_entropy" -> {
                for (double v : z) {
                    sum += Math.exp(v - z[(int) targets[offset]]);
                }
                return Math.log(sum);
            }
            case "sigmoid_cross_entropy" -> {
                for (int j = 0; j < z.length; j++) {
                    sum += Math.log1p(Math.exp(z[j])) - targets[offset + j] * z[j];
                }
                return sum;
            }
            case "half_mse" -> {
                for (int j = 0; j < z.length; j++) {
                    sum += 0.5 * (z[j] - targets[offset + j]) * (z[j] - targets[offset + j]);
                }
                return sum;
            }
            default -> throw new AssertionError(architecture.loss());
        }
    }

    private double penalty(double[] parameters) {
        double sum = 0;
        int p = 0;
        for (int l = 0; l < architecture.layers().size(); l++) {
            int end = p + architecture.inputsOf(l) * architecture.outputsOf(l);
            for (; p < end; p++) {
                sum += l2 / 2 * parameters[p] * parameters[p] + l1 * Math.abs(parameters[p]);
            }
            p += architecture.outputsOf(l);
        }
        return sum;
    }
}
