/** The processors and stores of {@link io.millrace.topology.TrainingTopology}. */
package io.millrace.topology.training;
