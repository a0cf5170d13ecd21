/** First values of the weights: one initializer a file. */
package io.millrace.nn.initializer;
