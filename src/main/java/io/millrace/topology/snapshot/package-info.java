/** Writes and reads the versions of a model as records. */
package io.millrace.topology.snapshot;
