package io.millrace.topology;

import io.millrace.avro.AvroSerdes;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the versions of a model from the snapshots topic, committed ones only. */
public final class SnapshotTopic {
    private static final Duration POLL = Duration.ofMillis(200);

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
        Deserializer<ModelSnapshotKey> keys =
                serdes.keySerde(ModelSnapshotKey.class).deserializer();
        Deserializer<ModelSnapshot> values =
                serdes.valueSerde(ModelSnapshot.class).deserializer();
        List<StoredSnapshot> versions = new ArrayList<>();
        try (KafkaConsumer<ModelSnapshotKey, ModelSnapshot> consumer =
                new KafkaConsumer<>(StreamsProperties.committedReader(config), keys, values)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            SnapshotAssembler assembler = new SnapshotAssembler();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<ModelSnapshotKey, ModelSnapshot> record : consumer.poll(POLL)) {
                    take(record, assembler, versions);
                }
            }
        }
        return versions;
    }

    private void take(
            ConsumerRecord<ModelSnapshotKey, ModelSnapshot> record,
            SnapshotAssembler assembler,
            List<StoredSnapshot> versions) {
        ModelSnapshotKey key = record.key();
        if (!key.getModel().equals(config.modelName())) {
            return;
        }
        if (record.value() == null) {
            assembler.remove(key);
            versions.removeIf(
                    stored -> stored.partition() == key.getPartition() && stored.version() == key.getVersion());
        } else {
            assembler
                    .add(record.value())
                    .ifPresent(chunks -> versions.add(new StoredSnapshot(chunks, record.timestamp())));
        }
    }

    /** @return the newest whole version of each partition, by partition */
    public List<StoredSnapshot> newest() {
        Map<Integer, StoredSnapshot> newest = new TreeMap<>();
        versions().forEach(version -> newest.put(version.partition(), version));
        return List.copyOf(newest.values());
    }
}
