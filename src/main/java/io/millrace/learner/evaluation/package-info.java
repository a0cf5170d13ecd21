/** The evaluation of predictions: metrics, running means, reports. */
package io.millrace.learner.evaluation;
