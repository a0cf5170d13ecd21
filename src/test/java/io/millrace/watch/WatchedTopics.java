package io.millrace.watch;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.Learner;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.history.Lineage;
import io.millrace.topology.model.ModelKind;
import io.millrace.topology.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** Fills the topics that the page reads, as training does. */
final class WatchedTopics implements AutoCloseable {
    private final MillraceConfig config;
    private final Serializer<ValidationLoss> reports;
    private final Serializer<ModelSnapshotKey> keys;
    private final Serializer<ModelSnapshot> snapshots;
    private final KafkaProducer<byte[], byte[]> producer;

    WatchedTopics(MillraceConfig config, AvroSerdes serdes) {
        this.config = config;
        reports = serdes.valueSerde(ValidationLoss.class).serializer();
        keys = serdes.keySerde(ModelSnapshotKey.class).serializer();
        snapshots = serdes.valueSerde(ModelSnapshot.class).serializer();
        producer = new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    void report(ValidationLoss.Builder report) {
        report(report, null);
    }

    /** @param partition of the topic; null: any */
    void report(ValidationLoss.Builder report, Integer partition) {
        String topic = config.topics().validationLosses();
        byte[] value =
                reports.serialize(topic, report.setModel(config.modelName()).build());
        producer.send(new ProducerRecord<>(topic, partition, null, value));
        producer.flush();
    }

    /** A version of a model that has learned nothing yet. */
    void version() {
        String topic = config.topics().modelSnapshots();
        for (ModelSnapshot chunk : chunks(config)) {
            ModelSnapshotKey key =
                    new ModelSnapshotKey(chunk.getModel(), chunk.getPartition(), chunk.getVersion(), chunk.getChunk());
            send(topic, keys.serialize(topic, key), snapshots.serialize(topic, chunk));
        }
    }

    /** The chunks of such a version. */
    static List<ModelSnapshot> chunks(MillraceConfig config) {
        Learner learner = ModelKind.of(config.learner()).learner(config.learner(), report -> {}, refused -> {});
        Lineage lineage = new Lineage();
        lineage.follow(0, 0, ConfigurationText.of(config));
        return new Snapshots(config.modelName(), 0).publish(learner, List.of(), lineage);
    }

    void letter(String cause, String value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(config.topics().deadLetters(), value.getBytes(StandardCharsets.UTF_8));
        record.headers().add("millrace.cause", cause.getBytes(StandardCharsets.UTF_8));
        producer.send(record);
        producer.flush();
    }

    /** A record of another program in a topic of Millrace. */
    void nonsense() {
        send(config.topics().validationLosses(), null, new byte[] {1, 2, 3});
    }

    private void send(String topic, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(topic, key, value));
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
