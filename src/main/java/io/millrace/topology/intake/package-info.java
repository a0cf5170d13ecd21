/** Copies the records of all partitions of the examples into the learning log, in the order in which they are learned. */
package io.millrace.topology.intake;
