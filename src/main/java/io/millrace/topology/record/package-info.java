/** Records as they come and dead letters as they go. */
package io.millrace.topology.record;
