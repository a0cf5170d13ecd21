/** Losses with the link that turns logits into scores, and penalties: one a file. */
package io.millrace.nn.loss;
