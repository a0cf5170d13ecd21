package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Kernels;

/** The rectifier, {@code act(z) = max(z, 0)}, with derivative 0 at 0 (Nair and Hinton, 2010). */
public record Relu() implements Activation {
    /** {@value}. */
    public static final String NAME = "relu";

    static final Algorithm<Activation> ALGORITHM = new Algorithm<>(NAME, "max(z, 0).", options -> Activation.RELU);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void forward(Kernels kernels, float[] z, int length) {
        for (int i = 0; i < length; i++) {
            z[i] = Math.max(z[i], 0f); // C2 vectorises this, but not the conditional expression
        }
    }

    @Override
    public void backward(Kernels kernels, float[] gradient, float[] output, int length) {
        kernels.rectifierGradient(gradient, output, length, 0f);
    }

    /** Adds nothing: the second derivative is 0 everywhere except at 0, where it counts as 0, as the first derivative does. */
    @Override
    public void addBend(float[] sum, float[] gradient, float[] output, float[] tangent, int length) {}
}
