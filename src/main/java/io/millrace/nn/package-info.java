/**
 * Neural networks on {@code float[]}: layers, forward and backward passes, losses, initialisers, optimizers, schedules.
 *
 * <p>The package uses nothing but the JDK and reads no file. Everything that it computes is a function of its arguments, to the last bit, on every
 * machine: each output element of a matrix product is a chain of fused multiply-adds in increasing index order, and the transcendental functions
 * are polynomials of this package ({@link io.millrace.nn.kernels.Reproducible}). Only {@code nn.kernels} reads a clock and writes to the log,
 * while a process starts: it chooses the implementation, and no bit depends on that. Hot paths allocate nothing.
 *
 * <p>Start at {@link io.millrace.nn.network.Network} (an {@link io.millrace.nn.network.Architecture} and the layout of its parameters),
 * {@link io.millrace.nn.network.Trainer} (test-then-train of mini-batches) and {@link io.millrace.nn.layer.Node} (one operation). What the package
 * does not do: convolutions, recurrence, automatic differentiation, more than one thread per step.
 */
package io.millrace.nn;
