package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Configuration;
import io.millrace.avro.Features;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.learner.input.Labels;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkPredictor;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.snapshot.SnapshotRecords;
import io.millrace.topology.snapshot.Snapshots;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingTopologyTest {
    private final MillraceConfig config = TestConfigs.with();
    private final AvroSerdes serdes = new AvroSerdes(config.registry());
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> features;
    private TestInputTopic<ModelSnapshotKey, ModelSnapshot> snapshots;
    private TestOutputTopic<byte[], Prediction> predictions;
    private TestOutputTopic<byte[], byte[]> deadLetters;

    @BeforeEach
    void start() {
        driver = new TopologyTestDriver(ServingTopology.build(config, serdes), StreamsProperties.serving(config));
        features = driver.createInputTopic("features", new ByteArraySerializer(), new ByteArraySerializer());
        snapshots = driver.createInputTopic(
                "model-snapshots",
                serdes.keySerde(ModelSnapshotKey.class).serializer(),
                serdes.valueSerde(ModelSnapshot.class).serializer());
        predictions = driver.createOutputTopic(
                "predictions",
                new ByteArrayDeserializer(),
                serdes.valueSerde(Prediction.class).deserializer());
        deadLetters =
                driver.createOutputTopic("dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private byte[] request(float... values) {
        return serdes.valueSerde(Features.class)
                .serializer()
                .serialize("features", new Features(new FloatVector(values)));
    }

    private Prediction ask(float... values) {
        features.pipeInput(null, request(values));
        return predictions.readValue();
    }

    private static NetworkLearner learner(long seed) {
        return new NetworkLearner(
                TestConfigs.with("model.seed", String.valueOf(seed)).learner(), report -> {});
    }

    private static NetworkLearner trained(int examples, long seed) {
        NetworkLearner learner = learner(seed);
        learn(learner, examples, seed, "yes", "no");
        return learner;
    }

    private static void learn(NetworkLearner learner, int examples, long seed, String above, String below) {
        LearnerSpec spec = TestConfigs.with().learner();
        Labels labels = new Labels(spec.task(), spec.classes());
        Random random = new Random(seed);
        for (int i = 0; i < examples; i++) {
            float[] row = {random.nextFloat(), random.nextFloat()};
            float[] target = labels.encode(row[0] > row[1] ? above : below);
            learner.learn(row, target, 1, i);
        }
    }

    private void publish(int partition, NetworkLearner learner) {
        Snapshots publisher = new Snapshots("model", partition);
        for (ModelSnapshot chunk : publisher.chunks(learner.model(), learner.score())) {
            snapshots.pipeInput(publisher.key(chunk.getVersion(), chunk.getChunk()), chunk);
        }
    }

    @Test
    void shouldSayThatThereIsNoModelYet() {
        Prediction answer = ask(1, 2);
        assertThat(answer.getStatus()).isEqualTo(PredictionStatus.NO_MODEL);
        assertThat(answer.getReason()).contains("no snapshot");
        assertThat(answer.getScores()).isEmpty();
    }

    @Test
    void shouldAnswerWithTheNewestVersion() {
        publish(0, trained(40, 1));
        NetworkLearner newer = trained(400, 1);
        publish(0, newer);
        Prediction answer = ask(0.9f, 0.1f);
        float[] expected = new float[2];
        new NetworkPredictor(newer.model()).predict(new float[] {0.9f, 0.1f}, expected);
        assertThat(answer.getStatus()).isEqualTo(PredictionStatus.OK);
        assertThat(FloatVector.arrayOf(answer.getScores())).isEqualTo(expected);
        assertThat(answer.getModelVersion()).isEqualTo(400);
        assertThat(answer.getPredictedClass()).isEqualTo(1);
        assertThat(answer.getClassName()).isEqualTo("yes");
        assertThat(answer.getModel()).isEqualTo("model");
    }

    @Test
    void shouldAverageReplicasByTheExamplesThatTheyLearned() {
        NetworkLearner first = trained(100, 1);
        NetworkLearner second = trained(300, 2);
        publish(0, first);
        publish(1, second);
        Prediction answer = ask(0.5f, 0.4f);
        float[] a = new float[2];
        float[] b = new float[2];
        new NetworkPredictor(first.model()).predict(new float[] {0.5f, 0.4f}, a);
        new NetworkPredictor(second.model()).predict(new float[] {0.5f, 0.4f}, b);
        assertThat(answer.getScores().get(0)).isEqualTo((float) (0.25 * a[0] + 0.75 * b[0]));
        assertThat(answer.getModelVersion()).isEqualTo(400);
    }

    @Test
    void shouldAnswerRightAfterADriftThatASilentPartitionHasNotSeen() {
        SnapshotRecords records = new SnapshotRecords();
        records.publish(1, trained(20_000, 1));
        NetworkLearner drifted = learner(2);
        for (int i = 0; i < 10; i++) {
            learn(drifted, 500, 100 + i, "no", "yes");
            records.publish(0, drifted);
        }
        for (int start = 0; start < 2; start++) {
            records.all()
                    .forEach(record ->
                            snapshots.pipeInput(record.key(), record.value(), record.offset())); // a time, as any other
            Random random = new Random(3);
            int right = 0;
            for (int i = 0; i < 200; i++) {
                float[] row = {random.nextFloat(), random.nextFloat()};
                right += ask(row).getClassName().equals(row[0] > row[1] ? "no" : "yes") ? 1 : 0;
            }
            assertThat(right).as("start %s", start).isGreaterThan(190);
            stop();
            start();
        }
    }

    @Test
    void shouldAnswerNothingByAReplicaWhoseNewestVersionWasDeleted() {
        publish(0, trained(40, 1));
        publish(1, trained(400, 1));
        snapshots.pipeInput(new ModelSnapshotKey("model", 1, 40L, 0), null); // an older one
        assertThat(ask(1, 2).getModelVersion()).isEqualTo(440);
        snapshots.pipeInput(new ModelSnapshotKey("model", 1, 400L, 0), null);
        assertThat(ask(1, 2).getModelVersion()).isEqualTo(40);
        snapshots.pipeInput(new ModelSnapshotKey("model", 0, 40L, 0), null);
        assertThat(ask(1, 2).getStatus()).isEqualTo(PredictionStatus.NO_MODEL);
    }

    @Test
    void shouldPassKeyTimestampAndHeadersOfARequestThrough() {
        byte[] key = {1, 2, 3};
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {7});
        features.pipeInput(new TestRecord<>(key, request(1, 2), headers, Instant.ofEpochMilli(1234)));
        TestRecord<byte[], Prediction> answer = predictions.readRecord();
        assertThat(answer.key()).isEqualTo(key);
        assertThat(answer.timestamp()).isEqualTo(1234);
        assertThat(answer.headers().lastHeader("trace").value()).isEqualTo(new byte[] {7});
    }

    @Test
    void shouldAnswerBadRequestsWithTheReasonAndKeepThemAsDeadLetters() {
        publish(0, trained(40, 1));
        List<byte[]> bad = java.util.Arrays.asList(
                request(1), request(Float.NaN, 1), "garbage".getBytes(StandardCharsets.UTF_8), null);
        List<String> reasons =
                List.of("1 features instead of 2", "feature 0 is NaN", "starts with byte 103", "no value");
        for (int i = 0; i < bad.size(); i++) {
            features.pipeInput(null, bad.get(i));
            Prediction answer = predictions.readValue();
            assertThat(answer.getStatus()).isEqualTo(PredictionStatus.BAD_INPUT);
            assertThat(answer.getReason()).contains(reasons.get(i));
            assertThat(deadLetters.readValue()).isEqualTo(bad.get(i));
        }
        assertThat(ask(1, 2).getStatus()).isEqualTo(PredictionStatus.OK);
    }

    @Test
    void shouldPassOverDamagedSnapshotsAndOtherModels() {
        NetworkLearner learner = trained(40, 1);
        publish(0, learner);
        ModelSnapshot good = new Snapshots("model", 0)
                .chunks(trained(80, 1).model(), learner.score())
                .get(0);
        float[] damaged = FloatVector.arrayOf(good.getParameters()).clone();
        damaged[3] += 1;
        ModelSnapshot bad = ModelSnapshot.newBuilder(good)
                .setParameters(new FloatVector(damaged))
                .build();
        snapshots.pipeInput(new ModelSnapshotKey("model", 0, 80L, 0), bad);
        Snapshots other = new Snapshots("other", 0);
        snapshots.pipeInput(
                other.key(80, 0),
                other.chunks(trained(80, 1).model(), learner.score()).get(0));
        assertThat(ask(1, 2).getModelVersion()).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource({"avro, 'a: hologram'", "scent, 'a: number'"})
    void shouldPassOverTheDeclarationOfANewerMillrace(String format, String declaration) {
        NetworkLearner learner = trained(40, 1);
        publish(0, learner);
        ModelSnapshot newer = new Snapshots("model", 0)
                .chunks(trained(80, 1).model(), learner.score())
                .get(0);
        Map<String, String> settings = Map.of("value.format", format, "features", declaration, "label", "y");
        newer.put("configurations", List.of(new Configuration(0L, 0L, settings, 0)));
        snapshots.pipeInput(new ModelSnapshotKey("model", 0, 80L, 0), newer);
        assertThat(ask(1, 2).getModelVersion()).isEqualTo(40);
    }

    @Test
    void shouldNotServeAVersionBeforeAllItsChunksAreThere() {
        publish(0, trained(40, 1));
        ModelSnapshot whole = new Snapshots("model", 0)
                .chunks(trained(80, 1).model(), trained(80, 1).score())
                .get(0);
        snapshots.pipeInput(
                new ModelSnapshotKey("model", 0, 80L, 0),
                ModelSnapshot.newBuilder(whole).setChunks(2).build());
        assertThat(ask(1, 2).getModelVersion()).isEqualTo(40);
    }
}
