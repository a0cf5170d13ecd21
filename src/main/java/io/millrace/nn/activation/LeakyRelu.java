package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.algorithm.Hyperparameter;
import io.millrace.nn.algorithm.NumberRange;
import io.millrace.nn.kernels.Kernels;

/**
 * The leaky rectifier, {@code act(z) = z > 0 ? z : slope z} (Maas, Hannun and Ng, 2013). Units cannot die, because the slope is positive.
 *
 * @param slope for negative arguments, in (0, 1)
 */
public record LeakyRelu(float slope) implements Activation {
    /** {@value}. */
    public static final String NAME = "leaky_relu";

    static final Hyperparameter<Double> SLOPE =
            Hyperparameter.number("slope", 0.01, NumberRange.BETWEEN_0_AND_1, "slope for negative values.");

    static final Algorithm<Activation> ALGORITHM = new Algorithm<>(
            NAME,
            "z, or slope * z where z is negative.",
            options -> new LeakyRelu(options.get(SLOPE).floatValue()),
            SLOPE);

    /** Checks the range. */
    public LeakyRelu {
        SLOPE.require(slope);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void forward(Kernels kernels, float[] z, int length) {
        leak(z, length, slope);
    }

    private static void leak(float[] z, int length, float slope) {
        for (int i = 0; i < length; i++) {
            z[i] = Math.max(z[i], slope * z[i]); // C2 vectorises this, but not the conditional expression
        }
    }

    @Override
    public void backward(Kernels kernels, float[] gradient, float[] output, int length) {
        kernels.rectifierGradient(gradient, output, length, slope);
    }

    /** Adds nothing: the second derivative is 0 everywhere except at 0, where it counts as 0. */
    @Override
    public void addBend(float[] sum, float[] gradient, float[] output, float[] tangent, int length) {}
}
