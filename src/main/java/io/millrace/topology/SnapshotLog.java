package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * All that the snapshots topic holds of a model, as an auditor wants it: the last record of each key, states of learners included,
 * with what is damaged or missing told and not passed over.
 */
final class SnapshotLog {
    private record Chunk(ModelSnapshot value, long timestamp) {}

    private record Version(int partition, long version) {}

    private final Map<Version, TreeMap<Integer, Chunk>> versions = new HashMap<>();
    private final Map<Version, List<String>> unreadable = new HashMap<>();

    /** Reads the topic to its end. */
    static SnapshotLog read(MillraceConfig config, AvroSerdes serdes) {
        SnapshotLog log = new SnapshotLog();
        String topic = config.topics().modelSnapshots();
        SnapshotKeys keys = new SnapshotKeys(config, serdes);
        Deserializer<ModelSnapshot> values =
                serdes.valueSerde(ModelSnapshot.class).deserializer();
        try (CommittedRecords records = new CommittedRecords(config, topic)) {
            records.forEach(record -> {
                ModelSnapshotKey key = keys.read(record.key());
                if (key != null) {
                    log.take(key, record, topic, values);
                }
            });
        }
        return log;
    }

    private void take(
            ModelSnapshotKey key,
            ConsumerRecord<byte[], byte[]> record,
            String topic,
            Deserializer<ModelSnapshot> values) {
        Version version = new Version(key.getPartition(), key.getVersion());
        TreeMap<Integer, Chunk> chunks = versions.computeIfAbsent(version, any -> new TreeMap<>());
        chunks.remove(key.getChunk());
        try {
            ModelSnapshot value = values.deserialize(topic, record.value());
            if (value != null) {
                chunks.put(key.getChunk(), new Chunk(value, record.timestamp()));
            } else if (chunks.isEmpty()) {
                versions.remove(version);
            }
        } catch (SerializationException e) {
            unreadable
                    .computeIfAbsent(version, any -> new ArrayList<>())
                    .add("chunk " + key.getChunk() + " of version " + key.getVersion() + ", the record at offset "
                            + record.offset() + " of " + topic + ", cannot be read: " + e.getMessage());
        }
    }

    /** Partitions of the examples of which there are versions. */
    Collection<Integer> partitions() {
        TreeSet<Integer> partitions = new TreeSet<>();
        versions.keySet().forEach(version -> partitions.add(version.partition()));
        return partitions;
    }

    /** The whole versions of a replica, the oldest first. */
    List<StoredSnapshot> versions(int partition) {
        List<StoredSnapshot> whole = new ArrayList<>();
        versions.forEach((version, chunks) -> {
            if (version.partition() == partition && whole(chunks)) {
                Chunk last = chunks.lastEntry().getValue();
                whole.add(new StoredSnapshot(
                        chunks.tailMap(0).values().stream().map(Chunk::value).toList(), last.timestamp()));
            }
        });
        whole.sort(Comparator.comparingLong(StoredSnapshot::version));
        return whole;
    }

    private static boolean whole(TreeMap<Integer, Chunk> chunks) {
        Chunk first = chunks.get(0);
        return first != null
                && first.value().getSpec() != null
                && first.value().getChunks() == chunks.tailMap(0).size();
    }

    /** What is wrong with the records of a replica's versions, a sentence without full stop each. */
    List<String> faults(int partition) {
        List<String> faults = new ArrayList<>();
        versions.forEach((version, chunks) -> {
            if (version.partition() == partition) {
                List<String> told = unreadable.getOrDefault(version, List.of());
                faults.addAll(told);
                if (told.isEmpty() && !whole(chunks)) {
                    faults.add("version " + version.version() + " lacks a chunk: of those from 0 on there are "
                            + chunks.tailMap(0).keySet());
                }
            }
        });
        return faults;
    }

    /** The state of the learner that published a version, as {@link LearnerStore#restore} takes it; empty if it is not there. */
    List<byte[]> state(StoredSnapshot snapshot) {
        TreeMap<Integer, Chunk> chunks = versions.get(new Version(snapshot.partition(), snapshot.version()));
        List<byte[]> state = new ArrayList<>();
        for (int i = 0; i < snapshot.head().getStateChunks(); i++) {
            Chunk chunk = chunks.get(-1 - i);
            if (chunk == null || chunk.value().getState() == null) {
                return List.of();
            }
            ByteBuffer bytes = chunk.value().getState().duplicate();
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            state.add(copy);
        }
        return state;
    }
}
