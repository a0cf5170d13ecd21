/**
 * One online learner: standardizer, network, optimizer, open mini-batch and prequential evaluation. A pure function of its
 * specification and of the order of the examples: no clock, no thread, no randomness but the seeded initial weights. Knows
 * neither Kafka nor Avro.
 */
package io.millrace.learner;
