package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Configuration;
import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.input.Inputs;
import io.millrace.learner.Model;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.audit.Replay;
import io.millrace.topology.audit.VersionHistory;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.model.FrequencyKind;
import io.millrace.topology.snapshot.Snapshots;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.StoreKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A kind of model that is not a network is learned, published, served, and replayed: {@link FrequencyKind} is all that it takes. */
class OtherModelTest {
    private final MillraceConfig config = TestConfigs.with(
            "model.seed", String.valueOf(FrequencyKind.SEED), "schema.registry.url", "mock://other-model");
    private final AvroSerdes serdes = new AvroSerdes(config.registry());
    private final TopologyTestDriver training =
            new TopologyTestDriver(TrainingTopology.build(config, serdes), StreamsProperties.training(config));

    @AfterEach
    void close() {
        training.close();
        serdes.close();
    }

    /** Three of four are of the class yes. */
    private List<byte[]> examples() {
        return IntStream.range(0, 40)
                .mapToObj(i -> new Example(new FloatVector(new float[] {i, 1}), i % 4 == 0 ? "no" : "yes", 1f))
                .map(example -> serdes.valueSerde(Example.class).serializer().serialize("examples", example))
                .toList();
    }

    private List<KeyValue<ModelSnapshotKey, ModelSnapshot>> train(List<byte[]> examples) {
        TestInputTopic<byte[], byte[]> topic =
                training.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
        examples.forEach(example -> topic.pipeInput(null, example, 1_000));
        return training.createOutputTopic(
                        "model-snapshots",
                        serdes.keySerde(ModelSnapshotKey.class).deserializer(),
                        serdes.valueSerde(ModelSnapshot.class).deserializer())
                .readKeyValuesToList();
    }

    @Test
    void shouldBePublishedAndAnswerRequests() {
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> published = train(examples());
        try (TopologyTestDriver serving =
                new TopologyTestDriver(ServingTopology.build(config, serdes), StreamsProperties.serving(config))) {
            TestInputTopic<ModelSnapshotKey, ModelSnapshot> snapshots = serving.createInputTopic(
                    "model-snapshots",
                    serdes.keySerde(ModelSnapshotKey.class).serializer(),
                    serdes.valueSerde(ModelSnapshot.class).serializer());
            published.forEach(chunk -> snapshots.pipeInput(chunk.key, chunk.value));
            serving.createInputTopic(
                            "features",
                            Serdes.ByteArray().serializer(),
                            serdes.valueSerde(Features.class).serializer())
                    .pipeInput(new Features(new FloatVector(new float[] {1, 2})));
            Prediction answer = serving.createOutputTopic(
                            "predictions",
                            new ByteArrayDeserializer(),
                            serdes.valueSerde(Prediction.class).deserializer())
                    .readValue();

            assertThat(FloatVector.arrayOf(answer.getScores())).containsExactly(0.25f, 0.75f);
            assertThat(answer.getClassName()).isEqualTo("yes");
            assertThat(answer.getModelVersion()).isEqualTo(40);
        }
    }

    @Test
    void shouldBeReplayedToTheSameVersion() {
        List<byte[]> examples = examples();
        List<KeyValue<ModelSnapshotKey, ModelSnapshot>> published = train(examples);
        Replay replay = new Replay(history(), 0, Inputs.ofReplay(serdes));
        for (int offset = 0; offset < examples.size(); offset++) {
            replay.take(
                    0,
                    new ConsumerRecord<>(
                            "examples",
                            0,
                            offset,
                            1_000L,
                            TimestampType.CREATE_TIME,
                            0,
                            0,
                            null,
                            examples.get(offset),
                            new RecordHeaders(),
                            Optional.empty()));
        }

        Model newest = Snapshots.model(List.of(published.stream()
                .filter(chunk -> chunk.key.getVersion() == 40 && chunk.value != null)
                .findFirst()
                .orElseThrow()
                .value));
        assertThat(newest.parameters()).containsExactly(10, 30);
        assertThat(replay.learner().model().parameters()).containsExactly(newest.parameters());
        assertThat(DirectLearner.state(replay.learner()))
                .isEqualTo(DirectLearner.state(((LearnerStore) training.getStateStore(LearnerStore.NAME))
                        .get(StoreKey.ONLY)
                        .learner()));
    }

    private VersionHistory history() {
        return new VersionHistory(
                List.of(new Configuration(0L, 0L, ConfigurationText.of(config), 0)),
                List.of(new InputStretch("examples", "A", 0L, 40L, InputHistory.START)),
                List.of(),
                List.of(),
                0,
                false,
                40);
    }
}
