/** Losses with the link that turns logits into scores: one a file. */
package io.millrace.nn.loss;
