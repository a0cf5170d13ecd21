package io.millrace.topology.training;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Key of a record in the stores of training, and so in their changelogs: an item of the state of one model. A task that learns one model
 * knows it by the name {@link #ONLY}; its keys are the item's four bytes, as they were before there were names.
 *
 * @param model whose state it is, by the name that the task knows it by
 * @param item which part of it
 */
public record StoreKey(String model, int item) {
    /** The name of a task's only model. */
    public static final String ONLY = "";

    /** The name in UTF-8, then the item, big-endian: the items of a model from 0 on lie in their order. */
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
