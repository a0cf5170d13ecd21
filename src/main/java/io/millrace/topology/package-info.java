/**
 * The two Kafka Streams topologies: {@link io.millrace.topology.TrainingTopology} learns, {@link
 * io.millrace.topology.ServingTopology} answers. This package and its sub-packages hold everything between Kafka and the learner.
 */
package io.millrace.topology;
