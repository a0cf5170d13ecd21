package io.millrace.topology.record;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The key of a record, byte for byte, whatever its format. Never null itself, so that operators that drop null keys keep records without a key.
 *
 * @param bytes the key; null when the record has none
 */
public record RecordKey(byte[] bytes) {
    /** The key of a record that has none. */
    private static final RecordKey NONE = new RecordKey(null);

    private static final byte[] ANY = {0};

    /** Writes and reads the key unchanged. */
    public static final Serde<RecordKey> SERDE = Serdes.serdeFrom(
            (topic, key) -> key == null ? null : key.bytes(),
            (topic, bytes) -> bytes == null ? NONE : new RecordKey(bytes));

    /** Treats all keys as equal: a table with this serde has one row. */
    public static final Serde<RecordKey> ALL_ALIKE = Serdes.serdeFrom((topic, key) -> ANY, (topic, bytes) -> NONE);
}
