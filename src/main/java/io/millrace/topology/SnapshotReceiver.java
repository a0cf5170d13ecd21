package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.RegistryUnavailableException;
import io.millrace.config.MillraceConfig;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the global store and the live model in step with the snapshots topic. Runs during restore, too, in an instance of its
 * own: whatever must outlive an instance is in the {@link LiveModel} or in the store.
 */
final class SnapshotReceiver implements Processor<byte[], byte[], Void, Void> {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotReceiver.class);
    private static final long REGISTRY_RETRY_MS = 1000;

    private final LiveModel liveModel;
    private final String topic;
    private final Deserializer<ModelSnapshotKey> keys;
    private final Deserializer<ModelSnapshot> values;
    private final SnapshotAssembler assembler = new SnapshotAssembler();
    private KeyValueStore<byte[], byte[]> store;

    SnapshotReceiver(LiveModel liveModel, MillraceConfig config, AvroSerdes serdes) {
        this.liveModel = liveModel;
        topic = config.topics().modelSnapshots();
        keys = serdes.keySerde(ModelSnapshotKey.class).deserializer();
        values = serdes.valueSerde(ModelSnapshot.class).deserializer();
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        store = context.getStateStore(ServingTopology.SNAPSHOTS);
        // what an instance before this one has stored
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<byte[], byte[]> entry = all.next();
                receive(entry.key, entry.value);
            }
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        store.put(record.key(), record.value());
        receive(record.key(), record.value());
    }

    private void receive(byte[] keyBytes, byte[] valueBytes) {
        try {
            ModelSnapshotKey key = patiently(keys, keyBytes);
            if (!key.getModel().equals(liveModel.name())) {
                return;
            }
            if (valueBytes == null) {
                assembler.remove(key);
                return;
            }
            Optional<List<ModelSnapshot>> complete = assembler.add(patiently(values, valueBytes));
            if (complete.isPresent()) {
                liveModel.update(key.getPartition(), Snapshots.model(complete.get()));
            }
        } catch (SerializationException | IllegalStateException | IllegalArgumentException e) {
            LOG.error("A snapshot in {} cannot be used and is passed over: {}", topic, e.getMessage());
        }
    }

    /** Waits for a registry that is away: the record is good, and the global thread cannot be started again. */
    private <T> T patiently(Deserializer<T> deserializer, byte[] bytes) {
        while (true) {
            try {
                return deserializer.deserialize(topic, bytes);
            } catch (RegistryUnavailableException e) {
                LOG.warn("Waiting for the schema registry to read snapshots: {}", e.getMessage());
                try {
                    Thread.sleep(REGISTRY_RETRY_MS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }
}
