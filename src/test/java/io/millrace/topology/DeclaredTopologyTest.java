package io.millrace.topology;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
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
import io.millrace.http.Asking;
import io.millrace.http.HttpServer;
import io.millrace.http.InferenceRoutes;
import io.millrace.input.Inputs;
import io.millrace.learner.Learner;
import io.millrace.learner.spec.LearnerKind;
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
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Records of a schema that knows nothing of Millrace are learned, replayed and answered as the settings declare them. */
class DeclaredTopologyTest {
    private static final int RECORDS = 400;
    private static final long ASKED = 1_700_000_500_000L;
    private static final Schema ORDER = new Schema.Parser().parse("""
            {"type": "record", "name": "Order", "fields": [
              {"name": "id", "type": "string"},
              {"name": "customer", "type": {"type": "record", "name": "Customer", "fields": [
                {"name": "age", "type": ["null", "int"]}, {"name": "country", "type": "string"}]}},
              {"name": "amount", "type": "double"},
              {"name": "items", "type": {"type": "array", "items": "string"}},
              {"name": "created", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "late", "type": ["null", "boolean"]}]}
            """);

    /** The formats of the records. */
    enum Format {
        AVRO,
        JSON;

        byte[] write(Order order, AvroSerdes serdes) throws Exception {
            return this == JSON ? order.json() : order.avro(serdes);
        }
    }

    private record Order(int id, Integer age, String country, double amount, String item, long created, Boolean late) {
        /** Customers of two countries are late when they order much, the others when they order little. */
        static Order draw(int id, Random random) {
            String country = List.of("de", "fr", "it", "es").get(random.nextInt(4));
            double amount = random.nextInt(1000) / 10.0;
            boolean late = (amount > 50) == (country.equals("de") || country.equals("it"));
            Integer age = random.nextInt(5) == 0 ? null : 20 + random.nextInt(50);
            return new Order(id, age, country, amount, "item" + random.nextInt(3), 1_700_000_000_000L + id, late);
        }

        byte[] json() {
            return text().getBytes(StandardCharsets.UTF_8);
        }

        String text() {
            return "{\"id\": \"" + id + "\", \"customer\": {\"country\": \"" + country + "\", \"age\": " + age
                    + "}, \"amount\": " + amount + ", \"items\": [\"" + item + "\"], \"created\": " + created
                    + ", \"late\": " + late + "}";
        }

        byte[] avro(AvroSerdes serdes) throws Exception {
            GenericData.Record customer =
                    new GenericData.Record(ORDER.getField("customer").schema());
            customer.put("age", age);
            customer.put("country", country);
            GenericData.Record order = new GenericData.Record(ORDER);
            order.put("id", String.valueOf(id));
            order.put("customer", customer);
            order.put("amount", amount);
            order.put("items", List.of(item));
            order.put("created", created);
            order.put("late", late);
            int schema = serdes.client().register("orders-value", new AvroSchema(ORDER));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(schema).array());
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericData.Record>(ORDER).write(order, encoder);
            encoder.flush();
            return out.toByteArray();
        }
    }

    private final List<byte[]> records = new ArrayList<>();

    private static MillraceConfig config(Format format, LearnerKind kind, String... changes) {
        List<String> all = new ArrayList<>(List.of(
                "features",
                "customer.age?: number, customer.country: category(64,4), amount: number, items[]: set(64,2),"
                        + " created: time(hour)",
                "label",
                "late",
                "event.time",
                "created",
                "value.format",
                format.name().toLowerCase(java.util.Locale.ROOT),
                "topics.examples",
                "orders",
                "schema.registry.url",
                "mock://declared-" + format));
        all.addAll(List.of(changes));
        String[] settings = all.toArray(String[]::new);
        return kind == LearnerKind.ENSEMBLE ? TestConfigs.ensemble(settings) : TestConfigs.declared(settings);
    }

    private TopologyTestDriver trained(MillraceConfig config, AvroSerdes serdes, Format format) throws Exception {
        TopologyTestDriver training =
                new TopologyTestDriver(TrainingTopology.build(config, serdes), StreamsProperties.training(config));
        Random random = new Random(4);
        for (int i = 0; i < RECORDS; i++) {
            records.add(format.write(Order.draw(i, random), serdes));
        }
        records.set(50, null);
        records.set(60, format.write(new Order(60, 30, "de", 1, "a", 1_700_000_000_060L, null), serdes));
        records.set(70, "no order".getBytes(StandardCharsets.UTF_8));
        records.set(80, format.write(new Order(80, 30, "de", Double.MAX_VALUE, "a", 1_700_000_000_080L, true), serdes));
        TestInputTopic<byte[], byte[]> topic =
                training.createInputTopic("orders", new ByteArraySerializer(), new ByteArraySerializer());
        records.forEach(record -> topic.pipeInput(null, record, 5L));
        return training;
    }

    private static Learner learner(TopologyTestDriver training) {
        return ((LearnerStore) training.getStateStore(LearnerStore.NAME))
                .get(StoreKey.ONLY)
                .learner();
    }

    @ParameterizedTest
    @CsvSource({"AVRO, NETWORK", "JSON, NETWORK", "JSON, ENSEMBLE"})
    void shouldLearnWriteDeadLettersSkipAndReplay(Format format, LearnerKind kind) throws Exception {
        MillraceConfig config = kind == LearnerKind.ENSEMBLE
                ? config(format, kind)
                : config(format, kind, "batch.size", "1", "learning.rate", "0.02");
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver training = trained(config, serdes, format)) {
            Learner learner = learner(training);
            assertThat(learner.version()).isEqualTo(RECORDS - 4);
            assertThat(learner.streamTime()).isEqualTo(1_700_000_000_399L);
            assertThat(learner.score().metrics().get("accuracy")).isGreaterThan(0.7);

            List<TestRecord<byte[], byte[]>> letters = training.createOutputTopic(
                            "dead-letters", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList();
            assertThat(letters)
                    .extracting(letter -> DeadLetterInfo.of(letter.headers()).offset())
                    .containsExactly(70L, 80L);
            assertThat(letters).extracting(TestRecord::value).containsExactly(records.get(70), records.get(80));
            assertThat(DeadLetterInfo.of(letters.get(1).headers()).cause()).startsWith("amount is 1.797");

            VersionHistory history = new VersionHistory(
                    List.of(new Configuration(0L, 0L, ConfigurationText.of(config), 0)),
                    List.of(new InputStretch("orders", "A", 0L, (long) RECORDS, InputHistory.START)),
                    List.of(),
                    List.of(),
                    0,
                    false,
                    RECORDS);
            Replay replay = new Replay(history, 0, Inputs.ofReplay(serdes));
            for (int offset = 0; offset < RECORDS; offset++) {
                replay.take(0, new ConsumerRecord<>("orders", 0, offset, null, records.get(offset)));
            }
            assertThat(DirectLearner.state(replay.learner())).isEqualTo(DirectLearner.state(learner));
        }
    }

    @Test
    void shouldKeepWhatAnEnsembleHasLearnedWhereFeaturesAreAddedAndReplayTheChange() throws Exception {
        MillraceConfig before = config(
                Format.JSON,
                LearnerKind.ENSEMBLE,
                "features",
                "customer.age?: number, customer.country: category(64,4), amount: number");
        MillraceConfig after = config(Format.JSON, LearnerKind.ENSEMBLE);
        try (AvroSerdes serdes = new AvroSerdes(before.registry());
                TopologyTestDriver former = trained(before, serdes, Format.JSON);
                TopologyTestDriver training = new TopologyTestDriver(
                        TrainingTopology.build(after, serdes), StreamsProperties.training(after))) {
            Learner learner = learner(training);
            StoredLearner.restore(learner, StoredLearner.save(learner(former)));
            assertThat(learner.version()).isEqualTo(RECORDS - 4);
            TestInputTopic<byte[], byte[]> topic =
                    training.createInputTopic("orders", new ByteArraySerializer(), new ByteArraySerializer());
            records.forEach(learned -> topic.pipeInput(null, null, 5L)); // the driver counts from 0
            Random random = new Random(5);
            for (int i = RECORDS; i < RECORDS + 50; i++) {
                records.add(Format.JSON.write(Order.draw(i, random), serdes));
                topic.pipeInput(null, records.get(i), 5L);
            }
            assertThat(learner.version()).isEqualTo(RECORDS - 4 + 50);

            VersionHistory history = new VersionHistory(
                    List.of(
                            new Configuration(0L, 0L, ConfigurationText.of(before), 0),
                            new Configuration((long) RECORDS, RECORDS - 4L, ConfigurationText.of(after), 0)),
                    List.of(new InputStretch("orders", "A", 0L, (long) records.size(), InputHistory.START)),
                    List.of(),
                    List.of(),
                    0,
                    false,
                    records.size());
            Replay replay = new Replay(history, 0, Inputs.ofReplay(serdes));
            for (int offset = 0; offset < records.size(); offset++) {
                replay.take(0, new ConsumerRecord<>("orders", 0, offset, null, records.get(offset)));
            }
            assertThat(DirectLearner.state(replay.learner())).isEqualTo(DirectLearner.state(learner));
        }
    }

    @Test
    void shouldCountASchemaWithoutADeclaredFieldOnce() throws Exception {
        MillraceConfig config = config(Format.AVRO, LearnerKind.NETWORK);
        Schema without = new Schema.Parser().parse("""
                {"type": "record", "name": "Order", "fields": [{"name": "late", "type": "boolean"}]}
                """);
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver training = new TopologyTestDriver(
                        TrainingTopology.build(config, serdes), StreamsProperties.training(config))) {
            int schema = serdes.client().register("orders-value", new AvroSchema(without));
            byte[] record = ByteBuffer.allocate(6).put((byte) 0).putInt(schema).array();
            TestInputTopic<byte[], byte[]> topic =
                    training.createInputTopic("orders", new ByteArraySerializer(), new ByteArraySerializer());
            topic.pipeInput(null, record, 5L);
            topic.pipeInput(null, record, 6L);
            assertThat(training.metrics().entrySet().stream()
                            .filter(metric -> metric.getKey().name().equals("unfit-schemas-total"))
                            .map(metric -> metric.getValue().metricValue()))
                    .containsExactly(1.0);
        }
    }

    /** Of both formats, the same numbers and ids: the same weights. */
    @ParameterizedTest
    @CsvSource({"AVRO, NETWORK", "JSON, NETWORK", "AVRO, ENSEMBLE"})
    void shouldAnswerByTheDeclarationOfTheSnapshotWhateverItsOwnSettingsSay(Format format, LearnerKind kind)
            throws Exception {
        MillraceConfig config = config(format, kind);
        MillraceConfig otherwise = config(format, kind, "features", "amount: log, customer.country: oneof(de|fr)");
        LiveModel live = new LiveModel(config.modelName());
        try (AvroSerdes serdes = new AvroSerdes(config.registry());
                TopologyTestDriver training = trained(config, serdes, format);
                HttpServer http = HttpServer.start("127.0.0.1", 0, List.of(), List.of(new InferenceRoutes(live)));
                TopologyTestDriver serving = new TopologyTestDriver(
                        ServingTopology.build(
                                otherwise,
                                serdes,
                                live,
                                Inputs.of(otherwise, serdes),
                                OutputTopic.any(),
                                OutputTopic.any()),
                        StreamsProperties.serving(otherwise))) {
            TestInputTopic<ModelSnapshotKey, ModelSnapshot> snapshots = serving.createInputTopic(
                    "model-snapshots",
                    serdes.keySerde(ModelSnapshotKey.class).serializer(),
                    serdes.valueSerde(ModelSnapshot.class).serializer());
            TestInputTopic<byte[], byte[]> requests =
                    serving.createInputTopic("features", new ByteArraySerializer(), new ByteArraySerializer());
            Order order = new Order(1, null, "it", 99, "item1", ASKED, null);
            byte[] request = format.write(order, serdes);
            requests.pipeInput(null, request);
            training.createOutputTopic(
                            "model-snapshots",
                            serdes.keySerde(ModelSnapshotKey.class).deserializer(),
                            serdes.valueSerde(ModelSnapshot.class).deserializer())
                    .readKeyValuesToList()
                    .forEach(chunk -> snapshots.pipeInput(chunk.key, chunk.value));
            requests.pipeInput(null, request, ASKED);
            requests.pipeInput(null, new byte[] {1, 2, 3});

            List<Prediction> answers = serving.createOutputTopic(
                            "predictions",
                            new ByteArrayDeserializer(),
                            serdes.valueSerde(Prediction.class).deserializer())
                    .readValuesToList();
            assertThat(answers)
                    .extracting(Prediction::getStatus)
                    .containsExactly(PredictionStatus.NO_MODEL, PredictionStatus.OK, PredictionStatus.BAD_INPUT);
            float[] expected = new float[2];
            var decoder = Inputs.of(config, serdes)
                    .requests("features", config.learner().declaration());
            InputRow row =
                    decoder.decode(null, request, new org.apache.kafka.common.header.internals.RecordHeaders(), ASKED);
            long brought = 1; // the driver commits after each record
            learner(training).servedModel().predictor().server(null, brought).answer(row, ASKED, expected);
            assertThat(FloatVector.arrayOf(answers.get(1).getScores())).isEqualTo(expected);

            if (kind == LearnerKind.ENSEMBLE) { // over HTTP it remembers no request
                learner(training).servedModel().predictor().predict(row, expected);
            }
            JsonNode overHttp = new Asking(http.port())
                    .post("/v2/models/" + live.name() + "/predict", "{\"rows\": [" + order.text() + "]}")
                    .json();
            assertThat(overHttp.get("modelVersion").asLong())
                    .isEqualTo(answers.get(1).getModelVersion());
            for (int k = 0; k < expected.length; k++) {
                assertThat(overHttp.at("/predictions/0/scores/" + k).asText()).isEqualTo(Float.toString(expected[k]));
            }
        }
    }
}
