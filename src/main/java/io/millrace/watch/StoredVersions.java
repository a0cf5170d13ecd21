package io.millrace.watch;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.cluster.CommittedRecords;
import io.millrace.topology.snapshot.SnapshotAssembler;
import io.millrace.topology.snapshot.SnapshotDecoder;
import io.millrace.topology.snapshot.SnapshotTopic;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads single versions from the snapshots topic: from their first record on if its place is known, and else by looking through the whole topic.
 * Any thread may use it.
 */
final class StoredVersions implements VersionDownload.Source {
    private static final int MOST = 1000; // places, a few bytes each

    private record Id(int partition, long version) {}

    private record Place(int topicPartition, long offset) {}

    private final MillraceConfig config;
    private final AvroSerdes serdes;
    private final Map<Id, Place> places = new LinkedHashMap<>();

    /** @param serdes Avro serdes on the configured registry */
    StoredVersions(MillraceConfig config, AvroSerdes serdes) {
        this.config = config;
        this.serdes = serdes;
    }

    /** Notes where a chunk is. A chunk that was written again may be before or after the others. */
    synchronized void add(ModelSnapshotKey key, ConsumerRecord<byte[], byte[]> record) {
        places.merge(
                id(key),
                new Place(record.partition(), record.offset()),
                (one, other) -> one.offset() <= other.offset() ? one : other);
        if (places.size() > MOST) {
            places.remove(places.keySet().iterator().next());
        }
    }

    synchronized void deleted(ModelSnapshotKey key) {
        places.remove(id(key));
    }

    private static Id id(ModelSnapshotKey key) {
        return new Id(key.getPartition(), key.getVersion());
    }

    private synchronized Place place(int partition, long version) {
        return places.get(new Id(partition, version));
    }

    @Override
    public StoredSnapshot version(int partition, long version) {
        Place place = place(partition, version);
        return place == null ? sought(partition, version) : read(place, partition, version);
    }

    private StoredSnapshot sought(int partition, long version) {
        try (SnapshotTopic topic = new SnapshotTopic(config, serdes)) {
            return topic.versions(partition).stream()
                    .filter(stored -> stored.version() == version)
                    .findFirst()
                    .map(StoredSnapshot::inMemory)
                    .orElse(null);
        }
    }

    private StoredSnapshot read(Place place, int partition, long version) {
        SnapshotDecoder decoder = new SnapshotDecoder(config, serdes);
        SnapshotAssembler assembler = new SnapshotAssembler();
        StoredSnapshot[] found = {null};
        try (CommittedRecords records =
                new CommittedRecords(config, config.topics().modelSnapshots())) {
            records.from(place.topicPartition(), place.offset(), record -> {
                ModelSnapshotKey key = decoder.key(record.key());
                if (key != null && key.getChunk() >= 0 && id(key).equals(new Id(partition, version))) {
                    ModelSnapshot chunk = decoder.value(key, record.value());
                    if (chunk == null) {
                        assembler.remove(key);
                    } else {
                        assembler
                                .add(chunk)
                                .ifPresent(whole -> found[0] = new StoredSnapshot(whole, record.timestamp()));
                    }
                }
                return found[0] == null;
            });
        }
        return found[0];
    }
}
