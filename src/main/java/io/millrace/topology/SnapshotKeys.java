package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.RegistryUnavailableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the keys of the snapshots topic, and passes over what strangers have written there. */
final class SnapshotKeys {
    private final String topic;
    private final Deserializer<ModelSnapshotKey> deserializer;

    SnapshotKeys(String topic, AvroSerdes serdes) {
        this.topic = topic;
        deserializer = serdes.keySerde(ModelSnapshotKey.class).deserializer();
    }

    /**
     * @return the key; null when the bytes are none
     * @throws RegistryUnavailableException when that cannot be said
     */
    ModelSnapshotKey read(byte[] bytes) {
        try {
            return deserializer.deserialize(topic, bytes);
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (SerializationException e) {
            return null;
        }
    }
}
