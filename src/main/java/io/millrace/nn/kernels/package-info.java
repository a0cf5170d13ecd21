/**
 * The few inner loops that decide the speed of {@link io.millrace.nn}: one contract on raw arrays
 * ({@link io.millrace.nn.kernels.Kernels}), one implementation in plain Java, one with the Vector API, and the provider that chooses at
 * start-up. Both implementations agree in every bit. Loops that C2 vectorises by itself (optimizers, penalties, most activations) are not
 * here: they are written once, in plain Java, in the class of their algorithm.
 */
package io.millrace.nn.kernels;
