/**
 * A multi-layer perceptron on {@code float[]}: forward, backward, losses, initialisers, optimizers,
 * schedules, batch normalisation, dropout.
 *
 * <p>The package uses nothing but the JDK, reads no clock and no file and logs nothing. Everything in it is a function of its
 * arguments, to the last bit, on every machine: each output element of a matrix product is a chain of fused multiply-adds in
 * increasing index order, and the transcendental functions are polynomials of this package
 * ({@link io.millrace.nn.kernels.Reproducible}). Hot paths allocate nothing.
 *
 * <p>Start at {@link io.millrace.nn.network.Network} (an {@link io.millrace.nn.network.Architecture} and where its parameters lie) and
 * {@link io.millrace.nn.network.Trainer} (test-then-train of mini-batches). What the package does not do: convolutions, recurrence,
 * automatic differentiation, more than one thread per step.
 */
package io.millrace.nn;
