/** Incoming records, and the events that processors forward: reports, answers, dead letters and due checkpoints. */
package io.millrace.topology.record;
