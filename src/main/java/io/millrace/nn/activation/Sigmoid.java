package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Kernels;

/** The logistic function, {@code act(z) = 1 / (1 + e^-z)}; its derivative is {@code act(z) (1 - act(z))}. */
public record Sigmoid() implements Activation {
    /** {@value}. */
    public static final String NAME = "sigmoid";

    static final Algorithm<Activation> ALGORITHM =
            new Algorithm<>(NAME, "1 / (1 + exp(-z)).", options -> Activation.SIGMOID);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void forward(Kernels kernels, float[] z, int length) {
        kernels.sigmoid(z, 0, length);
    }

    @Override
    public void backward(Kernels kernels, float[] gradient, float[] output, int length) {
        for (int i = 0; i < length; i++) {
            gradient[i] = gradient[i] * (output[i] * (1f - output[i]));
        }
    }

    /** {@code f(h) = h (1 - h)}, so {@code f'(h) = 1 - 2 h}. */
    @Override
    public void addBend(float[] sum, float[] gradient, float[] output, float[] tangent, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = Math.fma(Math.fma(-2f, output[i], 1f) * gradient[i], tangent[i], sum[i]);
        }
    }
}
