package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Kernels;

/** The hyperbolic tangent; its derivative is {@code 1 - act(z)^2}. */
public record Tanh() implements Activation {
    /** {@value}. */
    public static final String NAME = "tanh";

    static final Algorithm<Activation> ALGORITHM =
            new Algorithm<>(NAME, "the hyperbolic tangent.", options -> Activation.TANH);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void forward(Kernels kernels, float[] z, int length) {
        kernels.tanh(z, 0, length);
    }

    @Override
    public void backward(Kernels kernels, float[] gradient, float[] output, int length) {
        for (int i = 0; i < length; i++) {
            gradient[i] = gradient[i] * Math.fma(-output[i], output[i], 1f);
        }
    }

    /** {@code f(h) = 1 - h^2}, so {@code f'(h) = -2 h}. */
    @Override
    public void addBend(float[] sum, float[] gradient, float[] output, float[] tangent, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] = Math.fma(-2f * output[i] * gradient[i], tangent[i], sum[i]);
        }
    }
}
