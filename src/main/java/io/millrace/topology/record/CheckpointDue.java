package io.millrace.topology.record;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The marker that causes a checkpoint in the next commit. */
public enum CheckpointDue implements TrainingEvent {
    MARKER;

    private static final byte[] BYTES = {1};

    public static final Serde<CheckpointDue> SERDE = Serdes.serdeFrom(
            (topic, marker) -> marker == null ? null : BYTES, (topic, bytes) -> bytes == null ? null : MARKER);
}
