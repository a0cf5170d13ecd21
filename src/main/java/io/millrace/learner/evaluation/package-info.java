/** How well examples were predicted: metrics, running means, reports. */
package io.millrace.learner.evaluation;
