package io.millrace.topology.training;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Key of a record in the stores of training and in their changelogs: one item of one model's state. A task that learns a single model uses
 * the name {@link #ONLY}. Its keys are the item's four bytes, which is the format from before models had names.
 *
 * @param model name of the model in its task
 * @param item number of the item in the model's state
 */
public record StoreKey(String model, int item) {
    /** The name of a task's only model. */
    public static final String ONLY = "";

    /** Writes the name in UTF-8, then the item, big-endian, so that the items of a model from 0 on are sorted. */
    public static final Serde<StoreKey> SERDE =
            Serdes.serdeFrom((topic, key) -> key.toBytes(), (topic, bytes) -> StoreKey.of(bytes));

    /** Reads a key of a changelog. */
    public static StoreKey of(byte[] bytes) {
        int name = bytes.length - Integer.BYTES;
        return new StoreKey(
                new String(bytes, 0, name, StandardCharsets.UTF_8),
                ByteBuffer.wrap(bytes).getInt(name));
    }

    private byte[] toBytes() {
        byte[] name = model.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + Integer.BYTES)
                .put(name)
                .putInt(item)
                .array();
    }
}
