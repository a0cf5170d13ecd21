/** Activation functions: one a file. */
package io.millrace.nn.activation;
