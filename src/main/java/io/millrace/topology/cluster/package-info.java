/** Kafka clients, the cluster's topics, and the faults that the cluster reports. */
package io.millrace.topology.cluster;
