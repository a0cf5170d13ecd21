/**
 * The two Kafka Streams topologies: {@link io.millrace.topology.TrainingTopology} learns, {@link
 * io.millrace.topology.ServingTopology} answers. Everything between Kafka and the learner is here.
 */
package io.millrace.topology;
