package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Features;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.local.LocalRegistry;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Both applications on a real broker and a registry over HTTP. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class EndToEndTest {
    @TempDir
    static Path directory;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster(Cluster shared) {
        cluster = shared;
    }

    /** What the same examples give without Kafka. */
    private static String expectedSha256(MillraceConfig config, int examples, int partition, int partitions) {
        LearnerSpec spec = config.learner();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        Labels labels = new Labels(spec.task(), spec.classes());
        for (int i = partition; i < examples; i += partitions) {
            float[] target = labels.encode((String) Cluster.example(i).getLabel());
            learner.learn(FloatVector.arrayOf(Cluster.example(i).getFeatures()), target, 1, 1_000_000L + i);
        }
        return ParameterDigest.sha256(learner.model().parameters());
    }

    @Test
    void shouldLearnResumeAndAnswerExactlyAsALearnerWithoutKafka() {
        MillraceConfig config = MillraceConfig.of(cluster.settings("end-to-end", "validation.report.examples", "640"));
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            try (KafkaStreams first = MillraceStreams.training(config, serdes)) {
                first.start();
                cluster.sendExamples(config, serdes, 0, 3_010); // ends within a mini-batch
                cluster.awaitCommitted(config, 3_010);
                MillraceStreams.stop(first, Duration.ofSeconds(20));
            }
            StoredSnapshot before = cluster.newest(config, serdes).get(0);
            assertThat(before.version()).isEqualTo(3_010 / 64 * 64);
            assertThat(before.head().getSha256()).isEqualTo(expectedSha256(config, 3_010, 0, 1));

            try (KafkaStreams second = MillraceStreams.training(config, serdes);
                    KafkaStreams serving = MillraceStreams.serving(config, serdes)) {
                second.start();
                cluster.sendExamples(config, serdes, 3_010, 6_400);
                cluster.awaitCommitted(config, 6_400);
                StoredSnapshot after = cluster.newest(config, serdes).get(0);
                assertThat(after.version()).isEqualTo(6_400);
                assertThat(after.head().getSha256()).isEqualTo(expectedSha256(config, 6_400, 0, 1));
                assertThat(after.head().getEvaluation().getExamples()).isEqualTo(6_400);

                serving.start();
                assertAnswers(config, serdes, 6_400);
            }
            List<ConsumerRecord<byte[], ValidationLoss>> reports = cluster.read(
                    config,
                    config.topics().validationLosses(),
                    serdes.valueSerde(ValidationLoss.class).deserializer());
            assertThat(reports)
                    .extracting(report -> report.value().getExamples())
                    .containsExactly(640L, 1280L, 1920L, 2560L, 3200L, 3840L, 4480L, 5120L, 5760L, 6400L);
        }
    }

    private void assertAnswers(MillraceConfig config, AvroSerdes serdes, long version) {
        Cluster.await("an answer of version " + version, () -> {
            ask(config, serdes, 0.5f, 0.5f);
            List<ConsumerRecord<byte[], Prediction>> answers = answers(config, serdes);
            return answers.size() > 0 && answers.get(answers.size() - 1).value().getModelVersion() == version;
        });
        int known = answers(config, serdes).size();
        ask(config, serdes, 0.5f);
        Cluster.await("the next answer", () -> answers(config, serdes).size() > known);
        List<ConsumerRecord<byte[], Prediction>> answers = answers(config, serdes);
        Prediction bad = answers.get(answers.size() - 1).value();
        assertThat(bad.getStatus()).isEqualTo(PredictionStatus.BAD_INPUT);
        assertThat(bad.getReason()).isEqualTo("1 features instead of 2");
        assertThat(answers.get(known - 1).key()).isEqualTo("key".getBytes(StandardCharsets.UTF_8));
    }

    private static void ask(MillraceConfig config, AvroSerdes serdes, float... features) {
        try (KafkaProducer<byte[], Features> producer = new KafkaProducer<>(
                config.client(),
                new ByteArraySerializer(),
                serdes.valueSerde(Features.class).serializer())) {
            producer.send(new ProducerRecord<>(
                    config.topics().features(),
                    "key".getBytes(StandardCharsets.UTF_8),
                    new Features(new FloatVector(features))));
        }
    }

    private static List<ConsumerRecord<byte[], Prediction>> answers(MillraceConfig config, AvroSerdes serdes) {
        return cluster.read(
                config,
                config.topics().predictions(),
                serdes.valueSerde(Prediction.class).deserializer());
    }

    @Test
    void shouldTrainAReplicaForEachPartition() {
        MillraceConfig config = MillraceConfig.of(cluster.settings(
                "partitioned",
                "learn.scope",
                "partition",
                "topics.partitions",
                "3",
                "batch.size",
                "10",
                "num.stream.threads",
                "2"));
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            try (KafkaStreams training = MillraceStreams.training(config, serdes)) {
                training.start();
                cluster.sendExamples(config, serdes, 0, 3_000);
                cluster.awaitCommitted(config, 3_000);
                List<StoredSnapshot> replicas = cluster.newest(config, serdes);
                assertThat(replicas).extracting(StoredSnapshot::version).containsExactly(1_000L, 1_000L, 1_000L);
                for (StoredSnapshot replica : replicas) {
                    assertThat(replica.head().getSha256())
                            .isEqualTo(expectedSha256(config, 3_000, replica.partition(), 3));
                }
            }
        }
    }

    @Test
    void shouldKeepOnLearningWhenARecordIsBadAndKeepThatRecord() throws Exception {
        MillraceConfig config = MillraceConfig.of(cluster.settings("hostile"));
        try (AvroSerdes serdes = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(serdes);
            try (KafkaStreams training = MillraceStreams.training(config, serdes);
                    KafkaProducer<byte[], byte[]> raw = new KafkaProducer<>(
                            config.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
                training.start();
                cluster.sendExamples(config, serdes, 0, 100);
                raw.send(new ProducerRecord<>(config.topics().examples(), null)).get();
                raw.send(new ProducerRecord<>(config.topics().examples(), new byte[] {0, 0, 0, 3, 7, 1}))
                        .get();
                byte[] giant = new byte[1_048_400]; // just fits into a record; a letter about it does not
                raw.send(new ProducerRecord<>(config.topics().examples(), giant))
                        .get();
                raw.send(new ProducerRecord<>(config.topics().examples(), giant, null))
                        .get();
                cluster.sendExamples(config, serdes, 100, 640);
                cluster.awaitCommitted(config, 644);
                assertThat(cluster.newest(config, serdes).get(0).head().getSha256())
                        .isEqualTo(expectedSha256(config, 640, 0, 1));
            }
            List<ConsumerRecord<byte[], byte[]>> letters =
                    cluster.read(config, config.topics().deadLetters(), new ByteArrayDeserializer());
            assertThat(letters)
                    .extracting(letter -> new String(
                            letter.headers().lastHeader("millrace.cause").value(), StandardCharsets.UTF_8))
                    .satisfiesExactly(
                            cause -> assertThat(cause).contains("no value"),
                            cause -> assertThat(cause).contains("775"),
                            cause -> assertThat(cause).contains("schema id 0"),
                            cause -> assertThat(cause).contains("no value"));
            assertThat(letters.get(2).value()).hasSizeBetween(900_000, 1_000_000);
            assertThat(letters.get(2).headers().lastHeader("millrace.cut").value())
                    .isEqualTo("from 1048400 bytes".getBytes(StandardCharsets.UTF_8));
            assertThat(letters.get(3).key()).hasSize(100_000);
            assertThat(letters.get(1).value()).isEqualTo(new byte[] {0, 0, 0, 3, 7, 1});
        }
    }

    @Test
    void shouldWaitForARegistryThatIsAwayAndLoseNothing() throws Exception {
        Path schemas = directory.resolve("schemas.json");
        LocalRegistry before = LocalRegistry.start(0, schemas);
        int port = URI.create(before.url()).getPort();
        MillraceConfig config =
                MillraceConfig.of(cluster.settings("patient", "schema.registry.url", before.url(), "batch.size", "10"));
        try (AvroSerdes producing = new AvroSerdes(config.registry());
                AvroSerdes learning = new AvroSerdes(config.registry())) {
            new ClusterCheck(config).prepare(producing);
            cluster.sendExamples(config, producing, 0, 100);
            before.close();
            try (KafkaStreams training = MillraceStreams.training(config, learning)) {
                training.start();
                Cluster.await("the task to start", () -> training.state() == KafkaStreams.State.RUNNING);
                Thread.sleep(1000); // the first record cannot be decoded yet
                try (LocalRegistry after = LocalRegistry.start(port, schemas)) {
                    cluster.awaitCommitted(config, 100);
                    assertThat(after.url()).isEqualTo(config.schemaRegistryUrl());
                    assertThat(cluster.newest(config, producing).get(0).head().getSha256())
                            .isEqualTo(expectedSha256(config, 100, 0, 1));
                    assertThat(cluster.read(config, config.topics().deadLetters(), new ByteArrayDeserializer()))
                            .isEmpty();
                }
            }
        }
    }
}
