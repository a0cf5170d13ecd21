package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Kernels;

/** The identity, {@code act(z) = z}: the activation of output layers. */
public record Identity() implements Activation {
    /** {@value}. */
    public static final String NAME = "identity";

    static final Algorithm<Activation> ALGORITHM = new Algorithm<>(NAME, "z itself.", options -> Activation.IDENTITY);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void forward(Kernels kernels, float[] z, int length) {}

    @Override
    public void backward(Kernels kernels, float[] gradient, float[] output, int length) {}

    /** Adds nothing: the second derivative is 0. */
    @Override
    public void addBend(float[] sum, float[] gradient, float[] output, float[] tangent, int length) {}
}
