package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Features;
import io.millrace.avro.Prediction;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.feature.InputRow;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.state.ParameterDigest;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten million parameters with Adam, 120 MB of state, under the broker's own limits: learned, killed, restored, served. */
@Tag("cluster")
@Tag("crash")
class LargeModelTest {
    private static final int EXAMPLES = 12_800;
    private static final int REQUEST_EVERY_MS = 20;

    @TempDir
    Path directory;

    @Test
    void shouldLearnSurviveAKillAndServeWhileItSwitchesVersions() throws Exception {
        try (Cluster cluster = Cluster.start(directory)) {
            Map<String, String> settings = cluster.settings(
                    "large",
                    "model.hidden",
                    "3160,3160",
                    "optimizer",
                    "adam",
                    "learning.rate",
                    "1e-4",
                    "batch.size",
                    "32",
                    "train.commit.interval.ms",
                    "2000",
                    "producer.transaction.timeout.ms",
                    "20000");
            MillraceConfig config = MillraceConfig.of(settings);
            try (AvroSerdes serdes = new AvroSerdes(config.registry());
                    KafkaStreams serving = serve(config, serdes)) {
                cluster.sendExamples(config, serdes, 0, EXAMPLES);
                try (Requests requests = new Requests(config, serdes)) {
                    long killed;
                    try (ChildApplication child = train(settings)) {
                        requests.sendUntil(() -> sum(cluster.committed(config)) >= EXAMPLES / 4);
                        Thread.sleep(1000); // in the middle of the next transaction
                        child.kill();
                        killed = System.nanoTime();
                    }
                    long before = sum(cluster.committed(config));
                    assertThat(before).isLessThan(EXAMPLES);
                    try (ChildApplication child = train(settings)) {
                        requests.sendUntil(() -> child.output().contains("at version " + before / 32 * 32));
                        long restoredMs = (System.nanoTime() - killed) / 1_000_000;
                        requests.sendUntil(() -> sum(cluster.committed(config)) >= EXAMPLES);
                        System.out.println("restored " + before + " examples' learner " + restoredMs
                                + " ms after the kill; "
                                + child.output()
                                        .lines()
                                        .filter(line -> line.contains("checkpoint at"))
                                        .map(line -> line.replaceAll(".* took ([0-9]+ ms).*", "$1"))
                                        .toList()
                                + " in checkpoints; " + child.peakMemory());
                    }
                    requests.print();
                }
                assertThat(cluster.newest(config, serdes).get(0).head().getSha256())
                        .isEqualTo(uninterrupted(config));
            }
        }
    }

    private ChildApplication train(Map<String, String> settings) throws Exception {
        return ChildApplication.run(
                directory,
                settings,
                Map.of(),
                List.of(
                        "-Xmx3g",
                        "-XX:TieredStopAtLevel=4",
                        "--add-modules=jdk.incubator.vector",
                        "-Dmillrace.kernels=vector"),
                "run",
                "--role",
                "train");
    }

    private static KafkaStreams serve(MillraceConfig config, AvroSerdes serdes) {
        new ClusterCheck(config).prepare(serdes);
        KafkaStreams serving = MillraceStreams.serving(config, serdes);
        serving.start();
        return serving;
    }

    private static long sum(Map<Integer, Long> offsets) {
        return offsets.values().stream().mapToLong(offset -> offset).sum();
    }

    private static String uninterrupted(MillraceConfig config) {
        LearnerSpec spec = config.learner();
        NetworkLearner learner = new NetworkLearner(spec, report -> {});
        Labels labels = new Labels(spec.task(), spec.classes());
        for (int i = 0; i < EXAMPLES; i++) {
            float[] target = labels.encode((String) Cluster.example(i).getLabel());
            learner.learn(
                    InputRow.of(FloatVector.arrayOf(Cluster.example(i).getFeatures())), target, 1, 1_000_000L + i, i);
        }
        return ParameterDigest.sha256(learner.model().parameters());
    }

    /** Asks at a steady rate, and measures from the moment at which a request was due. */
    private static final class Requests implements AutoCloseable {
        private final MillraceConfig config;
        private final KafkaProducer<byte[], Features> producer;
        private final KafkaConsumer<byte[], Prediction> consumer;
        private final List<Long> tookUs = new ArrayList<>();
        private final List<Long> aroundSwitchesUs = new ArrayList<>();
        private final Set<Long> versions = new HashSet<>();

        Requests(MillraceConfig config, AvroSerdes serdes) {
            this.config = config;
            Map<String, Object> quick = config.client();
            quick.put("linger.ms", "0");
            producer = new KafkaProducer<>(
                    quick,
                    new ByteArraySerializer(),
                    serdes.valueSerde(Features.class).serializer());
            consumer = new KafkaConsumer<>(
                    StreamsProperties.committedReader(config),
                    new ByteArrayDeserializer(),
                    serdes.valueSerde(Prediction.class).deserializer());
            TopicPartition only = new TopicPartition(config.topics().predictions(), 0);
            consumer.assign(List.of(only));
            consumer.seekToEnd(List.of(only));
            consumer.position(only);
        }

        void sendUntil(java.util.function.BooleanSupplier done) {
            long due = System.nanoTime();
            long deadline = due + Duration.ofMinutes(3).toNanos();
            for (int i = 0; i % 50 != 0 || !done.getAsBoolean(); i++) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("waited 3 minutes in vain");
                }
                due += REQUEST_EVERY_MS * 1_000_000L;
                byte[] key = ByteBuffer.allocate(8).putLong(due).array();
                Features features = new Features(new FloatVector(new float[] {i % 7 / 7f, i % 5 / 5f}));
                take(Duration.ofNanos(Math.max(0, due - System.nanoTime())));
                producer.send(new ProducerRecord<>(config.topics().features(), 0, key, features));
            }
            take(Duration.ofSeconds(1));
        }

        private void take(Duration atMost) {
            long end = System.nanoTime() + atMost.toNanos();
            do {
                for (ConsumerRecord<byte[], Prediction> answer :
                        consumer.poll(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
                    long us = (System.nanoTime() - ByteBuffer.wrap(answer.key()).getLong()) / 1000;
                    tookUs.add(us);
                    if (versions.add(answer.value().getModelVersion())) {
                        aroundSwitchesUs.add(us);
                    }
                }
            } while (System.nanoTime() < end);
        }

        void print() {
            System.out.println(tookUs.size() + " answers by " + versions.size() + " versions: " + percentiles(tookUs)
                    + "; the first answers of a version: " + percentiles(aroundSwitchesUs));
            assertThat(versions).hasSizeGreaterThan(2);
        }

        private static String percentiles(List<Long> us) {
            long[] sorted = us.stream().mapToLong(value -> value).sorted().toArray();
            return "p50 " + sorted[sorted.length / 2] / 1000.0 + " ms, p99 "
                    + sorted[(int) Math.ceil(sorted.length * 0.99) - 1] / 1000.0 + " ms, max "
                    + Arrays.stream(sorted).max().orElse(0) / 1000.0 + " ms";
        }

        @Override
        public void close() {
            producer.close();
            consumer.close();
        }
    }
}
