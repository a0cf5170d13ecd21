package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the keys of a model in the snapshots topic, and passes over what others have written there. */
public final class SnapshotKeys {
    private final String topic;
    private final String model;
    private final Deserializer<ModelSnapshotKey> deserializer;

    public SnapshotKeys(MillraceConfig config, AvroSerdes serdes) {
        topic = config.topics().modelSnapshots();
        model = config.modelName();
        deserializer = serdes.keySerde(ModelSnapshotKey.class).deserializer();
    }

    /**
     * @return the key; null when the bytes are none, or one of another model
     * @throws RegistryUnavailableException when that cannot be said
     */
    public ModelSnapshotKey read(byte[] bytes) {
        try {
            ModelSnapshotKey key = deserializer.deserialize(topic, bytes);
            return key != null && key.getModel().equals(model) ? key : null;
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (SerializationException e) {
            return null;
        }
    }
}
