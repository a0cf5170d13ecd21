/** Optimizers: one a file; clipping of the gradient. */
package io.millrace.nn.optimizer;
