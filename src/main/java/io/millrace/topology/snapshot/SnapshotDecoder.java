package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Decodes the records of one model in the snapshots topic, and skips those of other models. */
public final class SnapshotDecoder {
    private final String model;
    private final Function<byte[], ModelSnapshotKey> keys;
    private final Function<byte[], ModelSnapshot> values;

    /** A decoder that does not wait for the registry. */
    public SnapshotDecoder(MillraceConfig config, AvroSerdes serdes) {
        this(
                config,
                decoder(config, serdes.keySerde(ModelSnapshotKey.class).deserializer()),
                decoder(config, serdes.valueSerde(ModelSnapshot.class).deserializer()));
    }

    /**
     * @param config names the model
     * @param keys decodes a key
     * @param values decodes a value
     */
    public SnapshotDecoder(
            MillraceConfig config, Function<byte[], ModelSnapshotKey> keys, Function<byte[], ModelSnapshot> values) {
        model = config.modelName();
        this.keys = keys;
        this.values = values;
    }

    private static <T> Function<byte[], T> decoder(MillraceConfig config, Deserializer<T> deserializer) {
        String topic = config.topics().modelSnapshots();
        return bytes -> deserializer.deserialize(topic, bytes);
    }

    /**
     * @return the key; null when the bytes are not a key, or belong to another model
     * @throws RegistryUnavailableException when the registry does not answer
     */
    public ModelSnapshotKey key(byte[] bytes) {
        try {
            ModelSnapshotKey key = keys.apply(bytes);
            return key != null && key.getModel().equals(model) ? key : null;
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (SerializationException e) {
            return null;
        }
    }

    /**
     * @return the chunk; null when the record is a deletion
     * @throws RegistryUnavailableException when the registry does not answer
     * @throws SerializationException when the chunk cannot be decoded, or is not the one that its key names
     */
    public ModelSnapshot value(ModelSnapshotKey key, byte[] bytes) {
        ModelSnapshot value = bytes == null ? null : values.apply(bytes);
        if (value != null) {
            ModelSnapshotKey said =
                    new ModelSnapshotKey(value.getModel(), value.getPartition(), value.getVersion(), value.getChunk());
            if (!said.equals(key)) {
                throw new SerializationException("its value belongs to " + said + ", its key to " + key);
            }
        }
        return value;
    }
}
