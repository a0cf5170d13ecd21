/** Copies of the weights: the best ones, the last good ones, those that are served. */
package io.millrace.learner.weights;
