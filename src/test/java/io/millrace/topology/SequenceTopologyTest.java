package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.avro.Configuration;
import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.InputStretch;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.config.ConfigurationText;
import io.millrace.config.MillraceConfig;
import io.millrace.config.StreamsProperties;
import io.millrace.http.Asking;
import io.millrace.http.HttpServer;
import io.millrace.http.InferenceRoutes;
import io.millrace.input.Inputs;
import io.millrace.learner.Learner;
import io.millrace.learner.network.NetworkLearner;
import io.millrace.learner.network.NetworkModel;
import io.millrace.records.AvroSerdes;
import io.millrace.records.FloatVector;
import io.millrace.topology.audit.Replay;
import io.millrace.topology.audit.VersionHistory;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.history.InputHistory;
import io.millrace.topology.record.DeadLetterInfo;
import io.millrace.topology.serving.LiveModel;
import io.millrace.topology.training.LearnerStore;
import io.millrace.topology.training.StoreKey;
import io.millrace.topology.training.StoredLearner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records with sequences of 1 to 8 steps are learned, replayed and answered. */
class SequenceTopologyTest {
    private static final int RECORDS = 600;
    private static final int STEPS = 8;

    /** The records. */
    enum Format {
        EXAMPLE,
        JSON;

        MillraceConfig config(String... changes) {
            List<String> settings = new ArrayList<>(List.of(
                    "topics.examples",
                    "sequences",
                    "schema.registry.url",
                    "mock://sequences-" + this,
                    "model.layers",
                    "conv(4, 2, padding=causal) tanh, lstm(6)"));
            settings.addAll(
                    this == EXAMPLE
                            ? List.of("model.input.shape", "8x2", "model.inputs", "16")
                            : List.of("features", "s: numbers(8x2)", "label", "y", "value.format", "json"));
            settings.addAll(List.of(changes));
            return this == EXAMPLE
                    ? TestConfigs.with(settings.toArray(String[]::new))
                    : TestConfigs.declared(settings.toArray(String[]::new));
        }

        byte[] write(Sequence sequence, AvroSerdes serdes) {
            if (this == JSON) {
                return sequence.json().getBytes(StandardCharsets.UTF_8);
            }
            Example example = new Example(new FloatVector(sequence.numbers), sequence.label, 1f);
            return serdes.valueSerde(Example.class).serializer().serialize("sequences", example);
        }

        byte[] request(Sequence sequence, AvroSerdes serdes) {
            if (this == JSON) {
                return sequence.json().getBytes(StandardCharsets.UTF_8);
            }
            Features features = new Features(new FloatVector(sequence.numbers));
            return serdes.valueSerde(Features.class).serializer().serialize("features", features);
        }
    }

    private record Sequence(float[] numbers, int label) {
        /** The label says whether the first number was positive in the first step that is there. */
        static Sequence draw(Random random) {
            float[] numbers = new float[2 * (1 + random.nextInt(STEPS))];
            for (int j = 0; j < numbers.length; j++) {
                numbers[j] = 5 + random.nextInt(1000) / 250f;
            }
            return new Sequence(numbers, numbers[0] > 7 ? 1 : 0);
        }

        static Sequence of(int count) {
            float[] numbers = new float[count];
            Arrays.fill(numbers, 6);
            return new Sequence(numbers, 0);
        }

        /** An array of arrays, if it has whole steps. */
        String json() {
            StringBuilder steps = new StringBuilder();
            for (int j = 0; j < numbers.length; j++) {
                boolean whole = numbers.length % 2 == 0;
                steps.append(j == 0 ? "" : ",").append(whole && j % 2 == 0 ? "[" : "");
                steps.append(numbers[j]).append(whole && j % 2 == 1 ? "]" : "");
            }
            return "{\"s\": [" + steps + "], \"y\": " + label + "}";
        }
    }

    private final List<byte[]> records = new ArrayList<>();

    private TopologyTestDriver trained(MillraceConfig config, AvroSerdes serdes, Format format) {
        TopologyTestDriver training =
                new TopologyTestDriver(TrainingTopology.build(config, serdes), StreamsProperties.training(config));
        Random random = new Random(4);
        for (int i = 0; i < RECORDS; i++) {
            records.add(format.write(Sequence.draw(random), serdes));
        }
        records.set(50, format.write(Sequence.of(0), serdes));
        records.set(60, format.write(Sequence.of(3), serdes));
        records.set(70, format.write(Sequence.of(18), serdes));
        TestInputTopic<byte[], byte[]> topic =
                training.createInputTopic("sequences", new ByteArraySerializer(), new ByteArraySerializer());
        records.forEach(record -> topic.pipeInput(null, record, 0L));
        return training;
    }

    private static Learner learner(TopologyTestDriver training) {
        return ((LearnerStore) training.getStateStore(LearnerStore.NAME))
                .get(StoreKey.ONLY)
                .learner();
    }

    private static List<String> causes(TopologyTestDriver training) {
        List<TestRecord<byte[], byte[]>> letters = training.createOutputTopic(
                        "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
        return letters.stream()
                .map(letter -> DeadLetterInfo.of(letter.headers()))
                .map(letter -> letter.offset() + ": " + letter.cause())
                .toList();
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void shouldLearnShorterSequencesRefuseOtherLengthsAndReplay(Format format) throws Exception {
        MillraceConfig config = format.config();
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver training = trained(config, serdes, format)) {
            Learner learner = learner(training);
            assertThat(learner.version()).isEqualTo(RECORDS - RECORDS % 4 - 4);
            assertThat(learner.score().metrics().get("accuracy")).isGreaterThan(0.75);
            String steps = ": a sequence has 1 to 8 steps of 2";
            assertThat(causes(training))
                    .containsExactlyElementsOf(
                            format == Format.EXAMPLE
                                    ? List.of(
                                            "50: 0 features instead of 16" + steps,
                                            "60: 3 features instead of 16" + steps,
                                            "70: 18 features instead of 16" + steps)
                                    : List.of(
                                            "50: s is missing; declare \"s?\" if it may be",
                                            "60: s has 3 numbers instead of 16" + steps,
                                            "70: s has 18 numbers instead of 16" + steps));
            assertThat(ConfigurationText.of(config)).containsEntry("rules", "3");
            assertThat(DirectLearner.state(replayed(config, serdes).learner())).isEqualTo(DirectLearner.state(learner));
            Learner restored = new NetworkLearner(config.learner(), report -> {});
            StoredLearner.restore(restored, StoredLearner.save(learner));
            assertThat(DirectLearner.state(restored)).isEqualTo(DirectLearner.state(learner));
        }
    }

    private Replay replayed(MillraceConfig config, AvroSerdes serdes) {
        VersionHistory history = new VersionHistory(
                List.of(new Configuration(0L, 0L, ConfigurationText.of(config), 0)),
                List.of(new InputStretch("sequences", "A", 0L, (long) RECORDS, InputHistory.START)),
                List.of(),
                List.of(),
                0,
                false,
                RECORDS);
        Replay replay = new Replay(history, 0, Inputs.ofReplay(serdes));
        for (int offset = 0; offset < RECORDS; offset++) {
            replay.take(0, new ConsumerRecord<>("sequences", 0, offset, null, records.get(offset)));
        }
        return replay;
    }

    /** Neither a network without layers over the sequence nor an ensemble can say what a missing step is. */
    @ParameterizedTest
    @EnumSource(Format.class)
    void othersShouldRefuseShorterSequences(Format format) throws Exception {
        MillraceConfig config = format.config("model.layers", "dense(4)");
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver training = trained(config, serdes, format)) {
            assertThat(ConfigurationText.of(config)).containsEntry("rules", "2");
            assertThat(causes(training))
                    .hasSizeGreaterThan(RECORDS / 2)
                    .contains(
                            format == Format.EXAMPLE
                                    ? "50: 0 features instead of 16"
                                    : "50: s is missing; declare \"s?\" if it may be")
                    .allMatch(cause -> cause.contains("instead of 16")
                            || cause.contains("s is missing")
                            || cause.endsWith("s[0][0] is NaN: only a network whose layers read a sequence takes a"
                                    + " shorter one"));
        }
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void shouldAnswerRequestsWithShorterSequences(Format format) throws Exception {
        MillraceConfig config = format.config();
        LiveModel live = new LiveModel(config.modelName());
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver training = trained(config, serdes, format);
                HttpServer http = HttpServer.start("127.0.0.1", 0, List.of(), List.of(new InferenceRoutes(live)));
                TopologyTestDriver serving = new TopologyTestDriver(
                        ServingTopology.build(
                                config, serdes, live, Inputs.of(config, serdes), OutputTopic.any(), OutputTopic.any()),
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
            Sequence high = new Sequence(new float[] {9, 6, 6, 6, 6, 6}, 0);
            Sequence low = new Sequence(new float[] {5, 6, 6, 6, 6, 6}, 0);
            for (Sequence asked : List.of(high, low, Sequence.of(0), Sequence.of(5), Sequence.of(20))) {
                requests.pipeInput(null, format.request(asked, serdes));
            }
            List<Prediction> answers = serving.createOutputTopic(
                            "predictions",
                            new ByteArrayDeserializer(),
                            serdes.valueSerde(Prediction.class).deserializer())
                    .readValuesToList();
            assertThat(answers)
                    .extracting(Prediction::getStatus)
                    .containsExactly(
                            PredictionStatus.OK,
                            PredictionStatus.OK,
                            PredictionStatus.BAD_INPUT,
                            PredictionStatus.BAD_INPUT,
                            PredictionStatus.BAD_INPUT);
            float[] ofHigh = FloatVector.arrayOf(answers.get(0).getScores());
            float[] ofLow = FloatVector.arrayOf(answers.get(1).getScores());
            assertThat(ofHigh[1]).isGreaterThan(ofLow[1] + 0.2f);
            assertThat(((NetworkModel) learner(training).servedModel()).featureVariances())
                    .doesNotContain(Double.NaN);

            assertThat(new Asking(http.port())
                            .get("/v2/models/" + live.name())
                            .json()
                            .at("/inputs/0/shape"))
                    .hasToString("[-1,-1]");
            String row = format == Format.JSON
                    ? high.json()
                    : "{\"features\": " + Arrays.toString(high.numbers).toLowerCase(Locale.ROOT) + "}";
            JsonNode overHttp = new Asking(http.port())
                    .post("/v2/models/" + live.name() + "/predict", "{\"rows\": [" + row + "]}")
                    .json();
            assertThat(overHttp.at("/predictions/0/scores/1").asText()).isEqualTo(Float.toString(ofHigh[1]));
        }
    }
}
