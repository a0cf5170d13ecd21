/**
 * The few inner loops that decide the speed of {@link io.millrace.nn}: one contract on raw arrays
 * ({@link io.millrace.nn.kernels.Kernels}), a plain Java twin, a Vector API twin, and the provider that chooses at start-up. The
 * twins agree in every bit. Loops that C2 vectorises by itself (optimizers, penalties, most activations) are not here: they are
 * written once, in plain Java, in the class of their algorithm.
 */
package io.millrace.nn.kernels;
