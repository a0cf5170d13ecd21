/** Clients of the cluster, its topics and its faults. */
package io.millrace.topology.cluster;
