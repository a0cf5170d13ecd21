/** Recurrent layers, unrolled over the steps of a sequence. */
package io.millrace.nn.layer.recurrent;
