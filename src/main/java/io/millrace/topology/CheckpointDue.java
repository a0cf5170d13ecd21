package io.millrace.topology;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** The marker that makes the next commit run a checkpoint. */
enum CheckpointDue {
    MARKER;

    private static final byte[] BYTES = {1};

    static final Serde<CheckpointDue> SERDE = Serdes.serdeFrom(
            (topic, marker) -> marker == null ? null : BYTES, (topic, bytes) -> bytes == null ? null : MARKER);
}
