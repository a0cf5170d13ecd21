package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.avro.ExpertReport;
import io.millrace.avro.Features;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.avro.ValidationLoss;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.feature.InputRow;
import io.millrace.input.Inputs;
import io.millrace.learner.Learner;
import io.millrace.learner.Server;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.state.OtherShapeException;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.audit.LineageCheck;
import io.millrace.topology.audit.Replay;
import io.millrace.topology.audit.ReplayProgress;
import io.millrace.topology.audit.VersionHistory;
import io.millrace.topology.snapshot.StoredSnapshot;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.StoreKey;
import io.millrace.topology.training.StoredLearner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An ensemble is learned, reported, published, served, replayed and continued like a network. */
class EnsembleTopologyTest extends TrainingDriver {
    private static final int EXAMPLES = 120;

    private final MillraceConfig config = TestConfigs.ensemble(
            "snapshot.state.max.bytes",
            "1048576",
            "snapshot.min.examples",
            "40",
            "validation.report.examples",
            "60",
            "schema.registry.url",
            "mock://ensemble-topology");
    private final List<byte[]> records = new ArrayList<>();

    @BeforeEach
    void learn() {
        start(config);
        for (int i = 0; i < EXAMPLES; i++) {
            float x = random.nextFloat() * 2 - 1;
            float y = random.nextFloat() * 2 - 1;
            records.add(i == 5 ? new byte[] {1} : encoded(x + y > 0 ? 1 : 0, 1, x, y));
        }
        records.forEach(record -> examples.pipeInput(null, record, time++));
    }

    private Learner learner() {
        return ((LearnerStore) driver.getStateStore(LearnerStore.NAME))
                .get(StoreKey.ONLY)
                .learner();
    }

    @Test
    void shouldReportTheExperts() {
        List<ValidationLoss> reports = losses.readValuesToList();

        assertThat(reports).extracting(ValidationLoss::getExamples).containsExactly(60L);
        ValidationLoss report = reports.get(0);
        assertThat(report.getExperts())
                .extracting(ExpertReport::getName)
                .containsExactly("linear", "swift", "steady-average", "steady", "binned-average", "binned", "labels");
        assertThat(report.getExperts()).allSatisfy(expert -> {
            assertThat(expert.getLoss()).isBetween(0.1, 1.0);
            assertThat(expert.getWeight()).isBetween(-1.0, 1.0).isNotZero();
        });
        assertThat(deadLetters.readValuesToList()).containsExactly(records.get(5));
    }

    @Test
    void shouldAnswerRequestsByItsSnapshots() {
        try (ServingDriver serving = new ServingDriver(config, serdes)) {
            List<KeyValue<ModelSnapshotKey, ModelSnapshot>> chunks = snapshots.readKeyValuesToList();
            List<StoredSnapshot> versions =
                    versions(chunks.stream().map(chunk -> chunk.value).toList());
            Server expected = null;
            for (StoredSnapshot version : versions) {
                serving.publish(chunks, version.version());
                expected = version.model().predictor().server(expected, expected == null ? -1 : 40);
                for (int i = 0; i < 30; i++) {
                    long asked = 1_000 + version.version() + i; // the version's newest example has 1,000 + its number
                    Prediction answer = serving.ask(asked, 0.75f, 0.01f * i);
                    assertThat(answer.getClassName()).isEqualTo("yes");
                    assertThat(FloatVector.arrayOf(answer.getScores()))
                            .containsExactly(scores(expected, asked, 0.75f, 0.01f * i));
                    assertThat(answer.getModelVersion()).isEqualTo(version.version());
                }
            }
            assertThat(scores(expected, 1_200, 0.75f, 0.5f))
                    .as("with what 60 requests have told")
                    .isNotEqualTo(alone(newest(versions), 0.75f, 0.5f));
        }
    }

    /** Its requests are not those of the learner that was started over, and may be from another stream. */
    @Test
    void shouldForgetTheRequestsOfALearnerThatWasStartedOver() {
        try (ServingDriver serving = new ServingDriver(config, serdes)) {
            List<KeyValue<ModelSnapshotKey, ModelSnapshot>> chunks = snapshots.readKeyValuesToList();
            StoredSnapshot newest =
                    newest(versions(chunks.stream().map(chunk -> chunk.value).toList()));
            serving.publish(chunks, newest.version());
            for (int i = 0; i < 30; i++) {
                serving.ask(1_090 + i, 0.75f, 3);
            }
            float[] fresh = alone(newest, 0.75f, 0.5f);
            assertThat(FloatVector.arrayOf(serving.ask(1_120, 0.75f, 0.5f).getScores()))
                    .isNotEqualTo(fresh);
            serving.delete(chunks, newest.version());
            serving.publish(chunks, newest.version());

            assertThat(FloatVector.arrayOf(serving.ask(1_121, 0.75f, 0.5f).getScores()))
                    .isEqualTo(fresh);
        }
    }

    private static float[] scores(Server server, long time, float... features) {
        float[] scores = new float[2];
        server.answer(InputRow.of(features), time, scores);
        return scores;
    }

    private static float[] alone(StoredSnapshot version, float... features) {
        float[] scores = new float[2];
        version.model().predictor().predict(InputRow.of(features), scores);
        return scores;
    }

    /** The serving topology, which gets some of the snapshots, and requests with a time. */
    private static final class ServingDriver implements AutoCloseable {
        private final TopologyTestDriver driver;
        private final TestInputTopic<ModelSnapshotKey, ModelSnapshot> snapshots;
        private final TestInputTopic<byte[], Features> features;
        private final TestOutputTopic<byte[], Prediction> predictions;

        ServingDriver(MillraceConfig config, AvroSerdes serdes) {
            driver = new TopologyTestDriver(ServingTopology.build(config, serdes), StreamsProperties.serving(config));
            snapshots = driver.createInputTopic(
                    "model-snapshots",
                    serdes.keySerde(ModelSnapshotKey.class).serializer(),
                    serdes.valueSerde(ModelSnapshot.class).serializer());
            features = driver.createInputTopic(
                    "features",
                    new ByteArraySerializer(),
                    serdes.valueSerde(Features.class).serializer());
            predictions = driver.createOutputTopic(
                    "predictions",
                    new ByteArrayDeserializer(),
                    serdes.valueSerde(Prediction.class).deserializer());
        }

        void publish(List<KeyValue<ModelSnapshotKey, ModelSnapshot>> chunks, long version) {
            chunks.stream()
                    .filter(chunk -> chunk.key.getVersion() == version)
                    .forEach(chunk -> snapshots.pipeInput(chunk.key, chunk.value));
        }

        void delete(List<KeyValue<ModelSnapshotKey, ModelSnapshot>> chunks, long version) {
            chunks.stream()
                    .filter(chunk -> chunk.key.getVersion() == version)
                    .forEach(chunk -> snapshots.pipeInput(chunk.key, null));
        }

        Prediction ask(long time, float... values) {
            features.pipeInput(null, new Features(new FloatVector(values)), time);
            return predictions.readValue();
        }

        @Override
        public void close() {
            driver.close();
        }
    }

    /** From the first example on, and from the state of each version, as after a restart. */
    @Test
    void shouldBeReplayedBitByBit() {
        List<ModelSnapshot> chunks = snapshots.readValuesToList();
        List<StoredSnapshot> versions = versions(chunks);
        assertThat(versions).extracting(StoredSnapshot::version).containsExactly(40L, 80L);
        Function<StoredSnapshot, List<byte[]>> state = version -> state(chunks, version);
        assertThat(LineageCheck.faults(versions, state::apply)).isEmpty();
        VersionHistory history = history(versions);

        Replay whole = new Replay(history, 0, Inputs.ofReplay(serdes));
        assertThat(replay(whole, 0, versions)).isEmpty();
        assertThat(DirectLearner.state(whole.learner()).equals(DirectLearner.state(learner())))
                .isTrue(); // the texts are long
        StoredSnapshot first = versions.get(0);
        Replay resumed = new Replay(
                history, 0, Inputs.ofReplay(serdes), VersionHistory.stateNext(first.head()), state.apply(first), 1);
        assertThat(replay(resumed, (int) first.head().getStateOffset(), versions))
                .isEmpty();
        assertThat(DirectLearner.state(resumed.learner()).equals(DirectLearner.state(learner())))
                .isTrue();
    }

    @Test
    void aVersionThatWasAlteredShouldBeFoundWithTheExpertThatDiffers() {
        List<ModelSnapshot> chunks = snapshots.readValuesToList();
        List<StoredSnapshot> versions = versions(chunks);
        ModelSnapshot head = versions.get(1).head();
        List<Double> weights = new ArrayList<>(head.getSpec().getEnsemble().getWeights());
        weights.set(2, Math.nextUp(weights.get(2)));
        head.getSpec().getEnsemble().put("weights", weights);

        assertThat(LineageCheck.faults(versions, version -> state(chunks, version)))
                .containsExactly(
                        "version 80 has been altered: its lineage does not follow from what it says of itself");
        assertThat(replay(new Replay(history(versions), 0, Inputs.ofReplay(serdes)), 0, versions))
                .first()
                .asString()
                .startsWith("version 80 differs first in the weight of steady-average in the mixture: snapshot ");
    }

    @Test
    void theStateOfAnotherKindShouldBeRefusedWithItsName() {
        List<byte[]> state = StoredLearner.save(learner());
        Learner network = new NetworkLearner(TestConfigs.with().learner(), report -> {});

        assertThatThrownBy(() -> StoredLearner.restore(network, state))
                .isInstanceOf(OtherShapeException.class)
                .hasMessageContaining("restore the former configuration, which has model.kind=ensemble, or give");
    }

    private VersionHistory history(List<StoredSnapshot> versions) {
        return VersionHistory.of(versions.get(versions.size() - 1).head(), config);
    }

    /** What verify finds. */
    private List<String> replay(Replay replay, int from, List<StoredSnapshot> versions) {
        ReplayProgress progress =
                new ReplayProgress(versions, history(versions), replay.learner().nextPosition());
        for (int i = from; i < EXAMPLES; i++) {
            replay.take(
                    0,
                    new ConsumerRecord<>(
                            "examples",
                            0,
                            i,
                            1_000L + i,
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            null,
                            records.get(i),
                            new RecordHeaders(),
                            Optional.empty()));
            progress.compare(replay.learner());
        }
        progress.end(EXAMPLES);
        return progress.findings(from);
    }

    private static StoredSnapshot newest(List<StoredSnapshot> versions) {
        return versions.get(versions.size() - 1);
    }

    private static List<StoredSnapshot> versions(List<ModelSnapshot> chunks) {
        Map<Long, List<ModelSnapshot>> byVersion = chunks.stream()
                .filter(chunk -> chunk.getChunk() >= 0)
                .collect(Collectors.groupingBy(ModelSnapshot::getVersion));
        return byVersion.values().stream()
                .map(version -> new StoredSnapshot(version, 0))
                .sorted(Comparator.comparing(StoredSnapshot::version))
                .toList();
    }

    private static List<byte[]> state(List<ModelSnapshot> chunks, StoredSnapshot of) {
        return chunks.stream()
                .filter(chunk -> chunk.getChunk() < 0 && chunk.getVersion() == of.version())
                .sorted(Comparator.comparing(chunk -> -chunk.getChunk()))
                .map(chunk -> chunk.getState().array())
                .toList();
    }
}
