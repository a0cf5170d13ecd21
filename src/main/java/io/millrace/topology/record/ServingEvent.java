package io.millrace.topology.record;

/** An event that the node {@code predict} forwards. */
public sealed interface ServingEvent permits AnswerEvent, DeadLetter {}
