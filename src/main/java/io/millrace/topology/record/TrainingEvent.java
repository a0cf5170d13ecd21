package io.millrace.topology.record;

/** An event that the node {@code train} forwards. */
public sealed interface TrainingEvent permits ReportEvent, DeadLetter, CheckpointDue {}
