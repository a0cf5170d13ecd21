package io.millrace.nn.activation;

import io.millrace.nn.algorithm.Options;
import io.millrace.nn.kernels.Kernels;

/**
 * The leaky rectifier, {@code act(z) = z > 0 ? z : slope z} (Maas, Hannun and Ng, 2013): no unit dies.
 *
 * @param slope for negative arguments, in (0, 1)
 */
public record LeakyRelu(float slope) implements Activation {
    /** {@value}. */
    public static final String NAME = "leaky_relu";

    /** {@value}. */
    public static final float DEFAULT_SLOPE = 0.01f;

    /** Checks the range. */
    public LeakyRelu {
        if (!(slope > 0f && slope < 1f)) {
            throw new IllegalArgumentException("slope = " + slope + " is out of range: give a number in (0, 1)");
        }
    }

    static LeakyRelu of(Options options) {
        return new LeakyRelu((float) options.number("slope", DEFAULT_SLOPE));
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
            z[i] = Math.max(z[i], slope * z[i]); // C2 vectorises this, and not the conditional expression
        }
    }

    @Override
    public void backward(Kernels kernels, float[] gradient, float[] output, int length) {
        kernels.rectifierGradient(gradient, output, length, slope);
    }

    /** Adds nothing: it bends at 0 alone, where the second derivative counts as 0. */
    @Override
    public void addBend(float[] sum, float[] gradient, float[] output, float[] tangent, int length) {}
}
