package io.millrace.nn.network;

import io.millrace.nn.activation.Activation;
import io.millrace.nn.activation.LeakyRelu;
import io.millrace.nn.initializer.SplitMix64;
import io.millrace.nn.layer.Layer;
import io.millrace.nn.layer.LayerNorm;
import io.millrace.nn.layer.Wiring;
import io.millrace.nn.layer.recurrent.Recurrent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The objective in double precision, written the shortest way: what gradients are checked against. */
final class ReferenceNetwork {
    private final Architecture architecture;
    private final float[] state; // canonical
    private final long seed; // of dropout
    private final long step;
    private final double l2;
    private final double l1;

    ReferenceNetwork(Architecture architecture, float[] state, long seed, long step, double l2, double l1) {
        this.architecture = architecture;
        this.state = state;
        this.seed = seed;
        this.step = step;
        this.l2 = l2;
        this.l1 = l1;
    }

    /** {@code 1/rows sum_i weights[i] loss_i + penalties} in training, at canonical parameters. */
    double objective(double[] parameters, float[] inputs, float[] targets, float[] weights, int rows) {
        double[][] logits = logits(parameters, inputs, rows, true);
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += weights[i] * loss(logits[i], targets, i * architecture.targetWidth());
        }
        return sum / rows + penalty(parameters);
    }

    double[][] logits(double[] parameters, float[] inputs, int rows, boolean training) {
        double[][] h = new double[rows][architecture.inputs()];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < h[i].length; k++) {
                h[i][k] = inputs[i * h[i].length + k];
            }
        }
        List<double[][]> outputs = new ArrayList<>(); // the network's input, then what each layer put out
        outputs.add(h);
        List<Integer> starts = new ArrayList<>(); // of each layer's parameters
        int p = 0;
        int s = 0;
        for (int index = 0; index < architecture.layers().size(); index++) {
            Layer layer = architecture.layers().get(index);
            Wiring wiring = layer.wiring();
            int units = layer.units();
            h = wiring.inputs().isEmpty() ? copy(outputs.get(index)) : concatenate(wiring.inputs(), outputs, rows);
            if (training) {
                drop(h, layer, index);
            }
            boolean own = wiring.shared().isEmpty();
            int q = own ? p : starts.get(Integer.parseInt(wiring.shared()) - 1);
            starts.add(q);
            double[][] z = new double[rows][];
            for (int i = 0; i < rows; i++) {
                z[i] = ReferenceKinds.apply(layer.kind(), h[i], parameters, q);
            }
            int channels = ReferenceKinds.channels(layer.kind());
            int shifts = ReferenceKinds.shifts(layer.kind());
            int b = q + (int) layer.kind().parameters(h[0].length) - shifts;
            for (int c = 0; c < channels; c++) {
                double scale = 1;
                double shift = shifts == 0 ? 0 : parameters[b + c];
                if (layer.normalized()) {
                    double mean = training && rows > 1 ? mean(z, c, channels) : state[s + c];
                    double variance = training && rows > 1 ? variance(z, c, channels, mean) : state[s + channels + c];
                    scale = parameters[b + c]
                            / Math.sqrt(variance + layer.batchNorm().delta());
                    shift = parameters[b + channels + c] - scale * mean;
                }
                for (int i = 0; i < rows; i++) {
                    for (int j = c; j < units; j += channels) {
                        double sum = scale * z[i][j] + shift;
                        for (String residual : wiring.residuals()) {
                            sum += output(residual, outputs)[i][j];
                        }
                        z[i][j] = activate(layer.activation(), sum);
                    }
                }
            }
            p += own
                    ? (int) layer.kind().parameters(h[0].length) + (layer.normalized() ? 2 * channels - shifts : 0)
                    : 0;
            s += layer.normalized() ? 2 * channels : 0;
            outputs.add(z);
        }
        return outputs.get(outputs.size() - 1);
    }

    private static double[][] output(String name, List<double[][]> outputs) {
        return outputs.get(name.equals(Wiring.INPUT) ? 0 : Integer.parseInt(name));
    }

    private static double[][] concatenate(List<String> names, List<double[][]> outputs, int rows) {
        double[][] all = new double[rows][];
        for (int i = 0; i < rows; i++) {
            int row = i;
            all[i] = names.stream()
                    .flatMapToDouble(name -> DoubleStream.of(output(name, outputs)[row]))
                    .toArray();
        }
        return all;
    }

    private static double[][] copy(double[][] x) {
        return Stream.of(x).map(double[]::clone).toArray(double[][]::new);
    }

    private void drop(double[][] x, Layer layer, int index) {
        double p = layer.inputDropout();
        long key = SplitMix64.key(seed, step, index);
        for (int i = 0; i < x.length; i++) {
            for (int k = 0; k < x[i].length; k++) {
                int repeated = layer.kind() instanceof Recurrent recurrent
                        ? recurrent.in().channels()
                        : x[i].length;
                double uniform = (SplitMix64.at(key, i * repeated + k % repeated) >>> 11) * 0x1.0p-53;
                x[i][k] *= uniform < p ? 0 : 1 / (1 - p);
            }
        }
    }

    private static double mean(double[][] z, int c, int channels) {
        double sum = 0;
        for (double[] row : z) {
            for (int j = c; j < row.length; j += channels) {
                sum += row[j];
            }
        }
        return sum / (z.length * (z[0].length / channels));
    }

    private static double variance(double[][] z, int c, int channels, double mean) {
        double sum = 0;
        for (double[] row : z) {
            for (int j = c; j < row.length; j += channels) {
                sum += (row[j] - mean) * (row[j] - mean);
            }
        }
        return sum / (z.length * (z[0].length / channels));
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
            Layer layer = architecture.layers().get(l);
            if (!layer.wiring().shared().isEmpty()) {
                continue;
            }
            int inputs = architecture.inputsOf(l);
            int end = p + ReferenceKinds.weights(layer.kind(), inputs);
            for (; p < end; p++) {
                if (!(layer.kind() instanceof LayerNorm)) { // whose weights are scales
                    sum += l2 / 2 * parameters[p] * parameters[p] + l1 * Math.abs(parameters[p]);
                }
            }
            p += (int) layer.kind().parameters(inputs) - ReferenceKinds.weights(layer.kind(), inputs);
            p += layer.normalized()
                    ? 2 * ReferenceKinds.channels(layer.kind()) - ReferenceKinds.shifts(layer.kind())
                    : 0;
        }
        return sum;
    }
}
