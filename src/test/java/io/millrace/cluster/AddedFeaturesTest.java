package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Configuration;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.config.MillraceConfig;
import io.millrace.input.Inputs;
import io.millrace.learner.Model;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.audit.Verification;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Replicas of two partitions that get further features between two runs. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class AddedFeaturesTest {
    private static final String FEATURES = "amount: number, user: category(50,3)";
    private static final String MORE = FEATURES + ", rank: number, shop?: category(20,2)";

    private static MillraceConfig config(Cluster cluster, String... changes) {
        Map<String, String> settings = cluster.settings(
                "appended",
                "learn.scope",
                "partition",
                "topics.partitions",
                "2",
                "value.format",
                "json",
                "label",
                "late",
                "snapshot.history",
                "10000",
                "early.stopping.patience",
                "2",
                "validation.report.examples",
                "50");
        settings.remove("model.inputs");
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        return MillraceConfig.of(settings);
    }

    /** An order. The later ones have two fields more. */
    private static byte[] order(int number, boolean later) {
        String text = "{\"amount\": " + number % 17 + ", \"user\": \"u" + number % 29 + "\", \"late\": \""
                + (number % 5 < 2 ? "yes" : "no") + "\"";
        return (text + (later ? ", \"rank\": " + number + ", \"shop\": \"s" + number % 5 + "\"}" : "}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void send(MillraceConfig config, String topic, int from, int to, boolean later) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(topic, i % 2, 1_000_000L + i, null, order(i, later)));
            }
        }
    }

    private static void learn(Cluster cluster, MillraceConfig config, int committed) {
        KafkaStreams training = MillraceStreams.training(config, cluster.serdes());
        training.start();
        cluster.awaitCommitted(config, committed);
        MillraceStreams.stop(training, Duration.ofSeconds(20));
    }

    @Test
    void shouldKeepWhatWasLearnedVerifyAcrossTheChangeAndAnswerByTheNewDeclaration(Cluster cluster) {
        MillraceConfig before = config(cluster, "features", FEATURES, "batch.size", "16");
        ClusterCheck.forTraining(before).prepare(cluster.serdes());
        send(before, before.topics().examples(), 0, 1000, false);
        learn(cluster, before, 1000);

        MillraceConfig after = config(cluster, "features", MORE, "batch.size", "16", "learning.rate", "0.004");
        ClusterCheck.forTraining(after).prepare(cluster.serdes());
        send(after, after.topics().examples(), 1000, 2000, true);
        learn(cluster, after, 2000);

        List<StoredSnapshot> newest = cluster.newest(after, cluster.serdes());
        assertThat(newest).hasSize(2);
        for (StoredSnapshot version : newest) {
            List<Configuration> configurations = version.head().getConfigurations();
            assertThat(configurations).hasSize(2);
            assertThat(configurations.get(1).getOffset()).isEqualTo(500);
            assertThat(configurations.get(1).getSettings()).containsOnlyKeys("features", "learning.rate");
            assertThat(version.version()).isGreaterThan(500);
            assertThat(version.model().inputs()).isEqualTo(2);
            try (AvroSerdes fresh = new AvroSerdes(after.registry());
                    Verification verification = new Verification(after, fresh)) {
                var result = verification.verify(version.partition(), null);
                assertThat(result.equal()).as(result.sentences().toString()).isTrue();
            }
        }

        KafkaStreams serving = MillraceStreams.serving(before, cluster.serdes());
        ClusterCheck.forServing(before).prepare(cluster.serdes());
        serving.start();
        send(before, before.topics().features(), 2000, 2001, true);
        Cluster.await("an answer", () -> answers(cluster, before).size() == 1);
        MillraceStreams.stop(serving, Duration.ofSeconds(20));
        Prediction answer = answers(cluster, before).get(0).value();
        assertThat(answer.getStatus()).isEqualTo(PredictionStatus.OK);
        assertThat(answer.getModelVersion())
                .isEqualTo(newest.stream().mapToLong(StoredSnapshot::version).sum());
        List<Float> scores = newest.stream()
                .map(version -> score(cluster, after, version.model()))
                .sorted()
                .toList();
        assertThat(FloatVector.arrayOf(answer.getScores())[0]).isBetween(scores.get(0), scores.get(1));
    }

    private static float score(Cluster cluster, MillraceConfig config, Model model) {
        float[] scores = new float[2];
        model.predictor()
                .predict(
                        Inputs.of(config, cluster.serdes())
                                .requests("features", model.declaration())
                                .decode(null, order(2000, true), new RecordHeaders(), 1_002_000L),
                        scores);
        return scores[0];
    }

    private static List<ConsumerRecord<byte[], Prediction>> answers(Cluster cluster, MillraceConfig config) {
        return cluster.read(
                config,
                config.topics().predictions(),
                cluster.serdes().valueSerde(Prediction.class).deserializer());
    }
}
