/** From an example to a row of a mini-batch: labels, checks, standardisation, windows. */
package io.millrace.learner.input;
