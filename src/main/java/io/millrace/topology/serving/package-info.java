/** The processors of {@link io.millrace.topology.ServingTopology}, and the model that they share. */
package io.millrace.topology.serving;
