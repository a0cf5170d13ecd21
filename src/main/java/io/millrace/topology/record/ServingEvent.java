package io.millrace.topology.record;

/** What leaves the node {@code predict}. */
public sealed interface ServingEvent permits AnswerEvent, DeadLetter {}
