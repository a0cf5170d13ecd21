package io.millrace.nn.network;

import io.millrace.nn.layer.recurrent.Elman;
import io.millrace.nn.layer.recurrent.Recurrent;
import io.millrace.nn.layer.recurrent.States;

/** The states of a recurrent layer for a row, in double precision, unit by unit, as its papers write them. */
final class ReferenceRecurrence {
    private final Recurrent kind;
    private final double[] parameters; // W and U of each gate, and biases
    private final int from;
    private final int features;
    private final int size;

    ReferenceRecurrence(Recurrent kind, double[] parameters, int from) {
        this.kind = kind;
        this.parameters = parameters;
        this.from = from;
        features = kind.in().channels();
        size = kind.size();
    }

    double[] apply(double[] x) {
        return apply(x, this);
    }

    /** The same, where a block of truncated backpropagation begins with the states of another instance. */
    double[] apply(double[] x, ReferenceRecurrence constant) {
        int steps = kind.in().height();
        double[][] h = new double[steps + 1][size];
        double[][] c = new double[steps + 1][size];
        double[][] otherH = new double[steps + 1][size];
        double[][] otherC = new double[steps + 1][size];
        for (int t = 1; t <= steps; t++) {
            constant.step(x, (t - 1) * features, otherH[t - 1], otherC[t - 1], otherH[t], otherC[t]);
            boolean first = (steps - t + 1) % kind.truncate() == 0; // of a block
            step(x, (t - 1) * features, (first ? otherH : h)[t - 1], (first ? otherC : c)[t - 1], h[t], c[t]);
        }
        if (kind.states() == States.LAST) {
            return h[steps];
        }
        double[] all = new double[steps * size];
        for (int t = 0; t < steps; t++) {
            System.arraycopy(h[t + 1], 0, all, t * size, size);
        }
        return all;
    }

    private void step(double[] x, int at, double[] h, double[] c, double[] newH, double[] newC) {
        for (int j = 0; j < size; j++) {
            switch (kind.cell().name()) {
                case "lstm" -> {
                    double i = logistic(input(x, at, 0, j) + bias(0, j) + state(h, 0, j));
                    double f = logistic(input(x, at, 1, j) + bias(1, j) + state(h, 1, j));
                    double g = Math.tanh(input(x, at, 2, j) + bias(2, j) + state(h, 2, j));
                    double o = logistic(input(x, at, 3, j) + bias(3, j) + state(h, 3, j));
                    newC[j] = f * c[j] + i * g;
                    newH[j] = o * Math.tanh(newC[j]);
                }
                case "gru" -> {
                    double r = logistic(input(x, at, 0, j) + bias(0, j) + state(h, 0, j));
                    double z = logistic(input(x, at, 1, j) + bias(1, j) + state(h, 1, j));
                    double n = Math.tanh(input(x, at, 2, j) + bias(2, j) + r * (state(h, 2, j) + bias(3, j)));
                    newH[j] = (1 - z) * n + z * h[j];
                }
                case "rnn" -> {
                    double sum = input(x, at, 0, j) + bias(0, j) + state(h, 0, j);
                    newH[j] = ((Elman) kind.cell()).rectified() ? Math.max(sum, 0) : Math.tanh(sum);
                }
                default -> throw new AssertionError(kind);
            }
        }
    }

    private double input(double[] x, int at, int gate, int j) {
        double sum = 0;
        for (int k = 0; k < features; k++) {
            sum += x[at + k] * parameters[from + (gate * features + k) * size + j];
        }
        return sum;
    }

    private double state(double[] h, int gate, int j) {
        int start = from + kind.cell().gates() * features * size;
        double sum = 0;
        for (int k = 0; k < size; k++) {
            sum += h[k] * parameters[start + (gate * size + k) * size + j];
        }
        return sum;
    }

    private double bias(int sum, int j) {
        return parameters[from + kind.cell().gates() * (features + size) * size + sum * size + j];
    }

    private static double logistic(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
