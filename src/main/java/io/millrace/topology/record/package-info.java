/** Records as they come, and the events that processors forward: reports, answers, dead letters, checkpoints that are due. */
package io.millrace.topology.record;
