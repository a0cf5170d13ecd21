package io.millrace.topology.snapshot;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.topology.cluster.CommittedRecords;
import io.millrace.topology.cluster.RecordsDeletedException;
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

/**
 * The content of the snapshots topic for one model: the last committed record of each key. The topic is read once for the heads of the
 * versions and the places of their chunks. Parameters and states are not kept in memory; they are read again when they are requested, one
 * version at a time. Records that cannot be read are skipped and reported.
 */
public final class SnapshotTopic implements AutoCloseable {
    private record Id(int partition, long version) {}

    /**
     * The place of a chunk.
     *
     * @param order number of the record in the order of reading
     */
    private record Place(int topicPartition, long offset, long order, long timestamp) {}

    private static final class Version {
        private final VersionChunks<Place> chunks = new VersionChunks<>();
        private final Map<Integer, String> unreadable = new TreeMap<>();
        private ModelSnapshot head;

        private boolean whole() {
            return chunks.whole() && head.getSpec() != null;
        }

        /** The order of its oldest chunk, because a single chunk that was written again does not make the version newer. */
        private long order() {
            return chunks.parameters().stream().mapToLong(Place::order).min().orElse(-1);
        }
    }

    private final MillraceConfig config;
    private final String topic;
    private final SnapshotDecoder decoder;
    private final Map<Id, Version> versions = new HashMap<>();
    private long records;
    private CommittedRecords chunks; // opened when the first chunk is requested

    /**
     * Reads the topic to its end.
     *
     * @param config names brokers, topic and model
     * @param serdes Avro serdes on the configured registry
     */
    public SnapshotTopic(MillraceConfig config, AvroSerdes serdes) {
        this.config = config;
        topic = config.topics().modelSnapshots();
        decoder = new SnapshotDecoder(config, serdes);
        try (CommittedRecords all = new CommittedRecords(config, topic)) {
            all.forEach(record -> {
                ModelSnapshotKey key = decoder.key(record.key());
                if (key != null) {
                    take(key, record);
                }
            });
        }
    }

    private void take(ModelSnapshotKey key, ConsumerRecord<byte[], byte[]> record) {
        records++;
        Id id = new Id(key.getPartition(), key.getVersion());
        Version version = versions.computeIfAbsent(id, any -> new Version());
        version.chunks.remove(key.getChunk());
        version.unreadable.remove(key.getChunk());
        try {
            ModelSnapshot value = decoder.value(key, record.value());
            if (value != null) {
                version.chunks.put(
                        key.getChunk(),
                        value.getChunks(),
                        new Place(record.partition(), record.offset(), records, record.timestamp()));
                if (key.getChunk() == 0) {
                    value.put("parameters", List.of()); // not kept; the record class has no setters
                    version.head = value;
                }
            }
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (SerializationException e) {
            version.unreadable.put(
                    key.getChunk(),
                    "chunk " + key.getChunk() + " of version " + key.getVersion() + ", the record at offset "
                            + record.offset() + " of " + topic + ", cannot be read: " + e.getMessage());
        }
        if (version.chunks.isEmpty() && version.unreadable.isEmpty()) {
            versions.remove(id);
        }
    }

    /** @return partitions of the examples for which the topic has records */
    public Collection<Integer> partitions() {
        TreeSet<Integer> partitions = new TreeSet<>();
        versions.keySet().forEach(id -> partitions.add(id.partition()));
        return partitions;
    }

    /** @return every complete version, in the order of completion; if a model was started over, its versions come last */
    public List<StoredSnapshot> versions() {
        return versions.values().stream()
                .filter(Version::whole)
                .sorted(Comparator.comparingLong(Version::order))
                .map(this::stored)
                .toList();
    }

    /** The complete versions of a replica, sorted by number. */
    public List<StoredSnapshot> versions(int partition) {
        return versions().stream()
                .filter(version -> version.partition() == partition)
                .sorted(Comparator.comparingLong(StoredSnapshot::version))
                .toList();
    }

    /** @return the newest complete version of each partition, by partition */
    public List<StoredSnapshot> newest() {
        Map<Integer, StoredSnapshot> newest = new TreeMap<>();
        versions().forEach(version -> newest.put(version.partition(), version));
        return List.copyOf(newest.values());
    }

    private StoredSnapshot stored(Version version) {
        List<Place> places = version.chunks.parameters();
        return new StoredSnapshot(
                version.head,
                () -> places.stream().map(place -> read(version.head, place)).toList(),
                places.get(places.size() - 1).timestamp());
    }

    private ModelSnapshot read(ModelSnapshot head, Place place) {
        if (chunks == null) {
            chunks = new CommittedRecords(config, topic);
        }
        ConsumerRecord<byte[], byte[]> record = chunks.at(place.topicPartition(), place.offset());
        if (record == null) {
            throw new RecordsDeletedException("version " + head.getVersion() + " of partition " + head.getPartition()
                    + " was deleted from " + topic + " while it was read: training keeps snapshot.history versions");
        }
        return decoder.value(decoder.key(record.key()), record.value());
    }

    /** @return a sentence, without full stop, for each record of the model that cannot be read */
    public List<String> unreadable() {
        return versions.values().stream()
                .flatMap(version -> version.unreadable.values().stream())
                .toList();
    }

    /** The faults of the records of a replica's versions, each as a sentence without full stop. */
    public List<String> faults(int partition) {
        List<String> faults = new ArrayList<>();
        versions.forEach((id, version) -> {
            if (id.partition() == partition) {
                faults.addAll(version.unreadable.values());
                if (version.unreadable.isEmpty() && !version.whole()) {
                    faults.add("version " + id.version() + " lacks a chunk: of those from 0 on there are "
                            + version.chunks.numbers());
                }
            }
        });
        return faults;
    }

    /**
     * The state of the learner that published a version, in the form that {@code StoredLearner.restore} reads; empty if it does not exist.
     *
     * @throws RecordsDeletedException when it was deleted in the meantime
     */
    public List<byte[]> state(StoredSnapshot snapshot) {
        Version version = versions.get(new Id(snapshot.partition(), snapshot.version()));
        List<byte[]> state = new ArrayList<>();
        for (int i = 0; i < snapshot.head().getStateChunks(); i++) {
            Place place = version.chunks.get(-1 - i);
            ByteBuffer bytes =
                    place == null ? null : read(snapshot.head(), place).getState();
            if (bytes == null) {
                return List.of();
            }
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            state.add(copy);
        }
        return state;
    }

    @Override
    public void close() {
        if (chunks != null) {
            chunks.close();
        }
    }
}
