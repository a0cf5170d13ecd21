/**
 * Learning and predicting: {@link io.millrace.learner.Learner}, the {@link io.millrace.learner.Model} of one version, and its
 * {@link io.millrace.learner.Predictor}. A learner is a pure function of its specification and of the order of the examples: it uses no
 * clock, no threads, and no randomness except from the seed. Nothing here knows Kafka or Avro.
 */
package io.millrace.learner;
