package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.avro.Configuration;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.feature.InputRow;
import io.millrace.input.Input;
import io.millrace.learner.Model;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.audit.Replay;
import io.millrace.topology.audit.VersionHistory;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.history.ExamplesTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.record.DeadLetterInfo;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.training.IdleCommits;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.StoreKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A kind of records that is not Avro goes every way that examples and requests go: {@link CsvInput} is all that it takes. */
class OtherInputTest {
    private static final long RECORD_TIME = 9_000_000;

    private final MillraceConfig config = TestConfigs.with(
            "batch.size",
            "2",
            "standardize.features",
            "false",
            "guard.outlier.factor",
            "0",
            "schema.registry.url",
            "mock://other-input");
    private final AvroSerdes serdes = new AvroSerdes(config.registry());
    private final Input input = new CsvInput();
    private final List<byte[]> lines = lines();
    private final TopologyTestDriver training = new TopologyTestDriver(
            TrainingTopology.build(
                    config, serdes, input, ExamplesTopic.UNKNOWN, OutputTopic.any(), new IdleCommits(config)),
            StreamsProperties.training(config));

    private static List<byte[]> lines() {
        List<byte[]> lines = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            float x = i % 7 / 7f;
            lines.add(CsvInput.line(x > 0.5 ? "yes" : "no", 1 + i % 2, 1_000 + i, x, i % 3));
        }
        lines.set(10, "yes,1,1010,0.5,twelve".getBytes(StandardCharsets.UTF_8));
        lines.set(11, CsvInput.line("yes", 1, 1_011, 0.5f));
        lines.set(20, CsvInput.line("yes", 1, 1_020, Float.MAX_VALUE, Float.MAX_VALUE)); // refused when it is learned
        lines.set(21, CsvInput.line("no", 2, 1_021, Float.MAX_VALUE, Float.MAX_VALUE));
        return lines;
    }

    @AfterEach
    void close() {
        training.close();
        serdes.close();
    }

    private void train() {
        TestInputTopic<byte[], byte[]> examples =
                training.createInputTopic("examples", new ByteArraySerializer(), new ByteArraySerializer());
        lines.forEach(line -> examples.pipeInput(null, line, RECORD_TIME));
    }

    private LearnerStore store() {
        return (LearnerStore) training.getStateStore(LearnerStore.NAME);
    }

    @Test
    void shouldLearnAtTheTimeThatTheRecordTellsAndWriteDeadLettersInItsFormat() {
        train();
        assertThat(store().get(StoreKey.ONLY).learner().version()).isEqualTo(36);
        assertThat(store().get(StoreKey.ONLY).learner().streamTime()).isEqualTo(1_039);

        List<TestRecord<byte[], byte[]>> letters = training.createOutputTopic(
                        "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
        assertThat(letters)
                .extracting(letter -> DeadLetterInfo.of(letter.headers()).cause())
                .containsExactly(
                        "cell 4 is \"twelve\", not a number",
                        "1 features instead of 2",
                        "the loss is not finite",
                        "the loss is not finite");
        assertThat(letters)
                .extracting(letter -> DeadLetterInfo.of(letter.headers()).offset())
                .containsExactly(10L, 11L, 20L, 21L);
        assertThat(letters)
                .extracting(TestRecord::value)
                .containsExactly(lines.get(10), lines.get(11), lines.get(20), lines.get(21));
    }

    @Test
    void shouldReplayToTheSameState() {
        train();
        VersionHistory history = new VersionHistory(
                List.of(new Configuration(0L, 0L, ConfigurationText.of(config), 0)),
                List.of(new InputStretch("examples", "A", 0L, 40L, InputHistory.START)),
                List.of(),
                List.of(),
                0,
                false,
                40);
        Replay replay = new Replay(history, 0, input);
        for (int offset = 0; offset < lines.size(); offset++) {
            replay.take(0, new ConsumerRecord<>("examples", 0, offset, null, lines.get(offset)));
        }
        assertThat(DirectLearner.state(replay.learner()))
                .isEqualTo(DirectLearner.state(store().get(StoreKey.ONLY).learner()));
    }

    @Test
    void shouldAnswerRequestsInItsFormat() {
        train();
        Model model = store().get(StoreKey.ONLY).learner().servedModel();
        float[] scores = new float[2];
        model.predictor().predict(InputRow.of(0.75f, 2), scores);
        try (TopologyTestDriver serving = new TopologyTestDriver(
                ServingTopology.build(
                        config, serdes, new LiveModel(config.modelName()), input, OutputTopic.any(), OutputTopic.any()),
                StreamsProperties.serving(config))) {
            TestInputTopic<ModelSnapshotKey, ModelSnapshot> snapshots = serving.createInputTopic(
                    "model-snapshots",
                    serdes.keySerde(ModelSnapshotKey.class).serializer(),
                    serdes.valueSerde(ModelSnapshot.class).serializer());
            training.createOutputTopic(
                            "model-snapshots",
                            serdes.keySerde(ModelSnapshotKey.class).deserializer(),
                            serdes.valueSerde(ModelSnapshot.class).deserializer())
                    .readKeyValuesToList()
                    .forEach(chunk -> snapshots.pipeInput(chunk.key, chunk.value));
            TestInputTopic<byte[], byte[]> requests =
                    serving.createInputTopic("features", new ByteArraySerializer(), new ByteArraySerializer());
            requests.pipeInput(null, CsvInput.request(0.75f, 2).getBytes(StandardCharsets.UTF_8));
            requests.pipeInput(new TestRecord<>(null, new byte[] {'x'}, (Headers) null, 5L));

            List<Prediction> answers = serving.createOutputTopic(
                            "predictions",
                            new ByteArrayDeserializer(),
                            serdes.valueSerde(Prediction.class).deserializer())
                    .readValuesToList();
            assertThat(FloatVector.arrayOf(answers.get(0).getScores())).isEqualTo(scores);
            assertThat(answers.get(0).getModelVersion()).isEqualTo(36);
            assertThat(answers.get(1).getStatus()).isEqualTo(PredictionStatus.BAD_INPUT);
            assertThat(answers.get(1).getReason()).isEqualTo("cell 0 is \"x\", not a number");
            assertThat(serving.createOutputTopic(
                                    "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                            .readValue())
                    .containsExactly('x');
        }
    }
}
