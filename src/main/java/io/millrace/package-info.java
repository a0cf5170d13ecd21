/** Millrace, a neural network that learns inside a Kafka cluster. */
package io.millrace;
