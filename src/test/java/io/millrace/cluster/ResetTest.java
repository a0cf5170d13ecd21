package io.millrace.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.Prediction;
import io.millrace.config.MillraceConfig;
import io.millrace.learner.state.StateReader;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.MillraceStreams;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.startup.ClusterCheck;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
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

/** What is left of a model that was reset, or whose state has become smaller: nothing, in partitions without new examples too. */
@Tag("cluster")
@ExtendWith(SharedCluster.class)
class ResetTest {
    private static final Duration STOP = Duration.ofSeconds(20);

    private static Cluster cluster;
    private static AvroSerdes serdes;

    @BeforeAll
    static void start(Cluster shared) {
        cluster = shared;
        serdes = cluster.serdes();
    }

    private static MillraceConfig config(String application, String... changes) {
        Map<String, String> settings =
                cluster.settings(application, "learn.scope", "partition", "topics.partitions", "2");
        for (int i = 0; i < changes.length; i += 2) {
            settings.put(changes[i], changes[i + 1]);
        }
        return MillraceConfig.of(settings);
    }

    private static KafkaStreams training(MillraceConfig config) {
        ClusterCheck.forTraining(config).prepare(serdes);
        KafkaStreams training = MillraceStreams.training(config, serdes);
        training.start();
        return training;
    }

    private static KafkaStreams serving(MillraceConfig config) {
        ClusterCheck.forServing(config).prepare(serdes);
        KafkaStreams serving = MillraceStreams.serving(config, serdes);
        serving.start();
        return serving;
    }

    private static void stop(KafkaStreams application) {
        MillraceStreams.stop(application, STOP);
    }

    private static void learn(MillraceConfig config, int committed) {
        KafkaStreams training = training(config);
        cluster.awaitCommitted(config, committed);
        stop(training);
    }

    private static void send(MillraceConfig config, int partition, int from, int to) {
        try (KafkaProducer<byte[], Example> producer = new KafkaProducer<>(
                config.client(),
                new ByteArraySerializer(),
                serdes.valueSerde(Example.class).serializer())) {
            for (int i = from; i < to; i++) {
                producer.send(new ProducerRecord<>(
                        config.topics().examples(), partition, 1_000_000L + i, null, Cluster.example(i)));
            }
        }
    }

    /** The newest version of each partition, by partition. */
    private static Map<Integer, Long> newest(MillraceConfig config) {
        Map<Integer, Long> newest = new TreeMap<>();
        for (StoredSnapshot snapshot : cluster.newest(config, serdes)) {
            newest.put(snapshot.partition(), snapshot.version());
        }
        return newest;
    }

    /** Examples that the weights have learned which answer now. */
    private static long servedVersion(MillraceConfig config) {
        int before = answers(config).size();
        try (KafkaProducer<byte[], Features> producer = new KafkaProducer<>(
                config.client(),
                new ByteArraySerializer(),
                serdes.valueSerde(Features.class).serializer())) {
            producer.send(new ProducerRecord<>(
                    config.topics().features(), new Features(new FloatVector(new float[] {1, 2}))));
        }
        Cluster.await("an answer", () -> answers(config).size() > before);
        List<ConsumerRecord<byte[], Prediction>> answers = answers(config);
        return answers.stream()
                .max((one, other) -> Long.compare(one.timestamp(), other.timestamp()))
                .orElseThrow()
                .value()
                .getModelVersion();
    }

    private static List<ConsumerRecord<byte[], Prediction>> answers(MillraceConfig config) {
        return cluster.read(
                config,
                config.topics().predictions(),
                serdes.valueSerde(Prediction.class).deserializer());
    }

    @Test
    void shouldDeleteAndServeNothingOfPartitionsThatGetNoExamplesAfterTheReset() throws Exception {
        MillraceConfig config = config("quiet");
        new ClusterCheck(config).prepare(serdes);
        send(config, 0, 0, 700);
        send(config, 1, 700, 1700);
        learn(config, 1700);
        KafkaStreams serving = serving(config);
        Cluster.await("both replicas", () -> servedVersion(config) == 640 + 960);

        MillraceConfig other = config("quiet", "model.hidden", "8", "model.reset", "true");
        KafkaStreams training = training(other);
        Cluster.await("no version of any partition", () -> newest(config).isEmpty());
        Cluster.await("no model", () -> servedVersion(config) == 0);
        send(config, 0, 1700, 1800);
        Cluster.await("the new model", () -> servedVersion(config) == 64);
        assertThat(newest(config)).containsExactly(Map.entry(0, 64L));
        stop(training);
        stop(serving);

        serving = serving(config);
        Cluster.await("the new model after a start", () -> servedVersion(config) == 64);
        stop(serving);
        try (Admin admin = Admin.create(config.client())) {
            admin.deleteConsumerGroups(List.of("quiet-train")).all().get();
        }
        send(config, 1, 1800, 1900); // what was there before the reset is not learned anew
        learn(other, 800 + 1100);
        assertThat(newest(config)).containsExactly(Map.entry(0, 64L), Map.entry(1, 64L));
    }

    @Test
    void shouldServeNothingMoreOfWhatAnotherApplicationHasReplaced() {
        MillraceConfig former = config("former");
        new ClusterCheck(former).prepare(serdes);
        send(former, 0, 0, 700);
        send(former, 1, 700, 1700);
        learn(former, 1700);
        KafkaStreams serving = serving(former);
        Cluster.await("both replicas", () -> servedVersion(former) == 640 + 960);

        MillraceConfig latter = config(
                "latter", "topics.prefix", "former.", "topics.examples", "latter-examples", "model.reset", "true");
        ClusterCheck.forTraining(latter).prepare(serdes);
        Cluster.await("no model", () -> servedVersion(former) == 0);
        send(latter, 0, 0, 200);
        learn(latter, 200);
        Cluster.await("the new model", () -> servedVersion(former) == 192);
        stop(serving);

        serving = serving(former);
        Cluster.await("the new model after a start", () -> servedVersion(former) == 192);
        stop(serving);
    }

    @Test
    void shouldKeepNoChunkOfAStateThatHasBecomeSmaller() {
        String[] early = {"topics.partitions", "1", "model.hidden", "40000", "early.stopping.patience", "3"};
        MillraceConfig large = config("shrunk-state", early);
        new ClusterCheck(large).prepare(serdes);
        send(large, 0, 0, 64);
        learn(large, 64);
        Map<Integer, byte[]> before = chunks(large);

        early[5] = "0";
        MillraceConfig small = config("shrunk-state", early);
        send(small, 0, 64, 128);
        learn(small, 128);
        Map<Integer, byte[]> after = chunks(small);
        assertThat(after.keySet()).hasSize(StateReader.chunkCount(after.get(0))).hasSizeLessThan(before.size());
    }

    /** Chunks of the learner's state, as its changelog has them at last. */
    private static Map<Integer, byte[]> chunks(MillraceConfig config) {
        Map<Integer, byte[]> chunks = new TreeMap<>();
        String changelog = config.applicationId().changelog("learner");
        for (ConsumerRecord<byte[], byte[]> record : cluster.read(config, changelog, new ByteArrayDeserializer())) {
            int key = ByteBuffer.wrap(record.key()).getInt();
            if (key >= 0 && record.value() != null) {
                chunks.put(key, record.value());
            } else {
                chunks.remove(key);
            }
        }
        return chunks;
    }
}
