package io.millrace.config;

/** What one model learns from, if the examples have several partitions. */
public enum LearnScope {
    /** One model learns from all partitions, in the order of the learning log. */
    STREAM,
    /** Each partition trains its own replica of the model. */
    PARTITION
}
