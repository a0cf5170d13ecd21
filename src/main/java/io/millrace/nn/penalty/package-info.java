/** Penalties for large weights, which the objective adds to the loss: one a file. */
package io.millrace.nn.penalty;
