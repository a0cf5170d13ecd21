package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the versions of a model from the snapshots topic, committed ones only. */
public final class SnapshotTopic {
    private final MillraceConfig config;
    private final AvroSerdes serdes;

    /**
     * @param config names brokers, topic and model
     * @param serdes Avro serdes on the configured registry
     */
    public SnapshotTopic(MillraceConfig config, AvroSerdes serdes) {
        this.config = config;
        this.serdes = serdes;
    }

    /** @return every whole version that the topic holds, in the order in which they were completed */
    public List<StoredSnapshot> versions() {
        String topic = config.topics().modelSnapshots();
        SnapshotKeys keys = new SnapshotKeys(config, serdes);
        Deserializer<ModelSnapshot> values =
                serdes.valueSerde(ModelSnapshot.class).deserializer();
        List<StoredSnapshot> versions = new ArrayList<>();
        SnapshotAssembler assembler = new SnapshotAssembler();
        try (CommittedRecords records = new CommittedRecords(config, topic)) {
            records.forEach(record -> {
                ModelSnapshotKey key = keys.read(record.key());
                if (key != null) {
                    take(key, values.deserialize(topic, record.value()), record.timestamp(), assembler, versions);
                }
            });
        }
        return versions;
    }

    private static void take(
            ModelSnapshotKey key,
            ModelSnapshot chunk,
            long timestamp,
            SnapshotAssembler assembler,
            List<StoredSnapshot> versions) {
        if (chunk == null) {
            assembler.remove(key);
            versions.removeIf(
                    stored -> stored.partition() == key.getPartition() && stored.version() == key.getVersion());
        } else {
            assembler.add(chunk).ifPresent(chunks -> versions.add(new StoredSnapshot(chunks, timestamp)));
        }
    }

    /** @return the newest whole version of each partition, by partition */
    public List<StoredSnapshot> newest() {
        Map<Integer, StoredSnapshot> newest = new TreeMap<>();
        versions().forEach(version -> newest.put(version.partition(), version));
        return List.copyOf(newest.values());
    }
}
