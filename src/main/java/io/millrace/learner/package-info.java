/**
 * What learns and what predicts: {@link io.millrace.learner.Learner}, the {@link io.millrace.learner.Model} of one version, and its
 * {@link io.millrace.learner.Predictor}. A learner is a pure function of its specification and of the order of the examples: no
 * clock, no thread, no randomness but the seeded initial weights. Nothing here knows Kafka or Avro.
 */
package io.millrace.learner;
