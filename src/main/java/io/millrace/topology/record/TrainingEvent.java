package io.millrace.topology.record;

/** What leaves the node {@code train}. */
public sealed interface TrainingEvent permits ReportEvent, DeadLetter, CheckpointDue {}
