/** Versions of a model as records, written and read. */
package io.millrace.topology.snapshot;
