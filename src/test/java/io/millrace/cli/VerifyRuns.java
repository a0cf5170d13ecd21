package io.millrace.cli;

import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.cluster.Cluster;
import io.millrace.config.MillraceConfig;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.snapshot.SnapshotTopic;
import io.millrace.topology.snapshot.StoredSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.KafkaStreams;

/** Streams that were learned on a real broker, and what the command says of them. */
final class VerifyRuns {
    private VerifyRuns() {}

    static MillraceConfig config(Cluster cluster, String name, String... changes) {
        List<String> all = new ArrayList<>(List.of(
                "batch.size", "16",
                "snapshot.history", "1000",
                "standardize.features", "false",
                "guard.outlier.factor", "0",
                "guard.max.consecutive", "2",
                "validation.report.examples", "64",
                "validation.holdout.fraction", "0.1"));
        all.addAll(List.of(changes));
        return MillraceConfig.of(cluster.settings(name, all.toArray(String[]::new)));
    }

    static Invocation verify(Cluster cluster, String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "verify",
                "--bootstrap-server",
                cluster.broker().bootstrapServers(),
                "--schema-registry",
                cluster.registry().url(),
                "--topics-prefix",
                name + "."));
        arguments.addAll(List.of(more));
        return Invocation.of(arguments.toArray(String[]::new));
    }

    /** Learns {@code from} to {@code to} in some steps, so that there are some versions. */
    static void learn(Cluster cluster, MillraceConfig config, AvroSerdes serdes, int from, int to, int sentBesides) {
        try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
            training.start();
            for (int at = from; at < to; at += 200) {
                cluster.sendExamples(config, serdes, at, Math.min(to, at + 200));
                cluster.awaitCommitted(config, sentBesides + Math.min(to, at + 200));
            }
            MillraceStreams.stop(training, Duration.ofSeconds(20));
        }
    }

    static List<StoredSnapshot> versions(MillraceConfig config, AvroSerdes serdes, int partition) {
        try (SnapshotTopic topic = new SnapshotTopic(config, serdes)) {
            return topic.versions().stream()
                    .filter(stored -> stored.partition() == partition)
                    .map(StoredSnapshot::inMemory)
                    .toList();
        }
    }

    static void republish(MillraceConfig config, AvroSerdes serdes, ModelSnapshot chunk) {
        ModelSnapshotKey key =
                new ModelSnapshotKey(chunk.getModel(), chunk.getPartition(), chunk.getVersion(), chunk.getChunk());
        try (KafkaProducer<ModelSnapshotKey, ModelSnapshot> producer = new KafkaProducer<>(
                config.client(),
                serdes.keySerde(ModelSnapshotKey.class).serializer(),
                serdes.valueSerde(ModelSnapshot.class).serializer())) {
            producer.send(new ProducerRecord<>(config.topics().modelSnapshots(), 0, key, chunk));
        }
    }
}
