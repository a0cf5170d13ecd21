package io.millrace.nn.activation;

import io.millrace.nn.kernels.Kernels;
import java.util.Map;

/**
 * An elementwise non-linearity, {@code h = act(z)}. Its derivative is a function of its output, so that no layer keeps {@code z}.
 * Implementations are immutable values and allocate nothing.
 */
public interface Activation {
    // No default methods here: with them, the initialisation of this interface and of its constants' classes could
    // deadlock.

    /** {@code act(z) = z}. */
    Activation IDENTITY = new Identity();

    /** {@code act(z) = max(z, 0)}. */
    Activation RELU = new Relu();

    /** {@code act(z) = tanh z}. */
    Activation TANH = new Tanh();

    /** {@code act(z) = 1 / (1 + e^-z)}. */
    Activation SIGMOID = new Sigmoid();

    /** The lower-case name that {@link #of(String)} knows. */
    String name();

    /** Replaces {@code z[i]} by {@code act(z[i])} for {@code i < length}. */
    void forward(Kernels kernels, float[] z, int length);

    /**
     * Replaces {@code gradient[i]}, the derivative of the loss with respect to {@code act(z[i])}, by its derivative with respect to
     * {@code z[i]}, for {@code i < length}.
     *
     * @param output {@code act(z[i])}, as {@link #forward} left it
     */
    void backward(Kernels kernels, float[] gradient, float[] output, int length);

    /**
     * Adds the effect of the activation's second derivative on a gradient along a direction. It is the second term of
     * {@code R(dz) = act'(z) R(dh) + dh act''(z) R(z)} (Pearlmutter, 1994; {@link #backward} computes the first). The derivative is a
     * function of the output, {@code act'(z) = f(h)}, so {@code act''(z) / act'(z) = f'(h)} is one too, and the term is
     * {@code dz f'(h) R(z)}.
     *
     * @param sum {@code sum[i] += gradient[i] f'(output[i]) tangent[i]} for {@code i < length}
     * @param gradient the derivative of the loss with respect to {@code z[i]}, as {@link #backward} left it
     * @param output {@code act(z[i])}, as {@link #forward} left it
     * @param tangent {@code R(z[i])}, the derivative of {@code z[i]} along the direction
     */
    void addBend(float[] sum, float[] gradient, float[] output, float[] tangent, int length);

    /**
     * The activation with this name and its default options.
     *
     * @throws IllegalArgumentException if the name is unknown; the message lists the known ones
     */
    static Activation of(String name) {
        return of(name, Map.of());
    }

    /**
     * The activation with this name.
     *
     * @param options hyper-parameters as text by name; absent ones take their default
     * @throws IllegalArgumentException if the name, an option or a value is unknown
     */
    static Activation of(String name, Map<String, String> options) {
        return Activations.FAMILY.create(name, options);
    }
}
