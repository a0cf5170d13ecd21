package io.millrace.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.millrace.avro.Evaluation;
import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.LayerSpec;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.avro.ModelSpec;
import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.avro.ValidationLoss;
import io.millrace.local.LocalRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroSerdesTest {
    private static LocalRegistry registry;

    @BeforeAll
    static void start() {
        registry = LocalRegistry.start(0, null);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static AvroSerdes serdes(String... settings) {
        Map<String, Object> config = new java.util.HashMap<>(Map.of("schema.registry.url", registry.url()));
        for (int i = 0; i < settings.length; i += 2) {
            config.put(settings[i], settings[i + 1]);
        }
        return new AvroSerdes(config);
    }

    static Example example(Object label) {
        return new Example(new FloatVector(new float[] {1.5f, -0f, Float.NaN, Float.MIN_VALUE}), label, 2f);
    }

    static <T extends org.apache.avro.specific.SpecificRecord> T roundTrip(Serde<T> serde, T record) {
        String topic = record.getClass().getSimpleName();
        return serde.deserializer().deserialize(topic, serde.serializer().serialize(topic, record));
    }

    @Test
    void shouldRoundTripEveryBranchOfTheLabelAgainstBothRegistries() {
        for (AvroSerdes serdes : List.of(serdes(), new AvroSerdes(Map.of("schema.registry.url", "mock://branches")))) {
            Serde<Example> serde = serdes.valueSerde(Example.class);
            for (Object label : List.of(3, "cat", 0.25f, new FloatVector(new float[] {0f, 1f}))) {
                Example read = roundTrip(serde, example(label));
                assertThat(read).isEqualTo(example(label));
                assertThat(read.getFeatures()).isInstanceOf(FloatVector.class);
                assertThat(read.getLabel()).hasSameClassAs(label);
            }
            Example plainList = new Example(List.of(1f, 2f), 1, 1f);
            assertThat(roundTrip(serde, plainList)).isEqualTo(plainList);
        }
    }

    @Test
    void shouldRoundTripEveryContract() {
        AvroSerdes serdes = serdes();
        Features features = new Features(new FloatVector(new float[5000]));
        Prediction answered = Prediction.newBuilder()
                .setStatus(PredictionStatus.OK)
                .setScores(new FloatVector(new float[] {.25f, .75f}))
                .setPredictedClass(1)
                .setClassName("b")
                .setModel("m")
                .setModelVersion(7)
                .build();
        ModelSnapshotKey key = new ModelSnapshotKey("m", 1, 2L, 3);
        ModelSpec spec = ModelSpec.newBuilder()
                .setTask("regression")
                .setLoss("half_mse")
                .setInputs(2)
                .setLayers(List.of(new LayerSpec(1, "identity", 0f, null, 0.0, List.of(), List.of(), "", "")))
                .setClasses(List.of("x", "y"))
                .setFeatureMeans(List.of(1d, 2d))
                .build();
        ModelSnapshot snapshot = ModelSnapshot.newBuilder()
                .setModel("m")
                .setPartition(0)
                .setVersion(9)
                .setChunk(0)
                .setChunks(1)
                .setSpec(spec)
                .setEvaluation(new Evaluation(3L, .5, Map.of("accuracy", .9)))
                .setParameterCount(2)
                .setParameterOffset(0)
                .setParameters(new FloatVector(new float[] {1, 2}))
                .setCrc32c(1L << 31)
                .setSha256("00")
                .build();

        assertThat(roundTrip(serdes.valueSerde(Features.class), features)).isEqualTo(features);
        assertThat(roundTrip(serdes.valueSerde(Prediction.class), answered)).isEqualTo(answered);
        assertThat(roundTrip(serdes.keySerde(ModelSnapshotKey.class), key)).isEqualTo(key);
        assertThat(roundTrip(serdes.valueSerde(ModelSnapshot.class), snapshot)).isEqualTo(snapshot);
    }

    @Test
    void shouldPassNullsAndReadFromWithinABuffer() {
        Serde<Example> serde = serdes().valueSerde(Example.class);
        assertThat(serde.serializer().serialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", new RecordHeaders(), (ByteBuffer) null))
                .isNull();

        byte[] bytes = serde.serializer().serialize("t", example(1));
        ByteBuffer within = ByteBuffer.allocate(bytes.length + 6);
        within.position(2);
        within.put(bytes).flip().position(2);
        assertThat(serde.deserializer().deserialize("t", new RecordHeaders(), within))
                .isEqualTo(example(1));
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        assertThat(serde.deserializer().deserialize("t", new RecordHeaders(), direct))
                .isEqualTo(example(1));
    }

    @Test
    void shouldInteroperateWithConfluentsSerdes() {
        Map<String, Object> config = Map.of("schema.registry.url", registry.url(), "specific.avro.reader", true);
        try (KafkaAvroSerializer serializer = new KafkaAvroSerializer();
                KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
            serializer.configure(config, false);
            deserializer.configure(config, false);
            Serde<Example> ours = serdes().valueSerde(Example.class);
            for (Object label : List.of(3, "cat", 0.25f, List.of(0f, 1f))) {
                Example record = new Example(List.of(1f, 2f, 3f), label, 1f);
                Example theirs = (Example)
                        deserializer.deserialize("inter", ours.serializer().serialize("inter", record));
                assertThat(theirs).isEqualTo(record);
                byte[] written = serializer.serialize("inter", record);
                assertThat(ours.deserializer().deserialize("inter", written)).isEqualTo(record);
            }
        }
    }

    @Test
    void shouldRegisterTheContractAsItStandsInTheSchemaFile() throws Exception {
        serdes().valueSerde(Example.class).serializer().serialize("contract", example("cat"));
        Schema file = new Schema.Parser().parse(Files.readString(Path.of("schemas/Example.avsc")));
        String registered =
                registry.client().getLatestSchemaMetadata("contract-value").getSchema();
        assertThat(new Schema.Parser().parse(registered)).isEqualTo(file).hasToString(file.toString());
    }

    /** In both directions: a reader may be older than the writer, too. */
    @ParameterizedTest
    @CsvSource({"holdoutExamples, 13", "classes, 26"})
    void shouldReadReportsFromBeforeAFieldWasAdded(String added, int before) {
        Schema now = ValidationLoss.getClassSchema();
        List<Schema.Field> former = now.getFields().stream()
                .takeWhile(field -> !field.name().equals(added))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList();
        Schema then = Schema.createRecord(now.getName(), null, now.getNamespace(), false, former);
        assertThat(former).hasSize(before);
        for (Schema[] pair : new Schema[][] {{now, then}, {then, now}}) {
            assertThat(SchemaCompatibility.checkReaderWriterCompatibility(pair[0], pair[1])
                            .getType())
                    .isEqualTo(SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE);
        }
    }

    @Test
    void shouldNameSubjectsAsConfigured() throws Exception {
        serdes().keySerde(ModelSnapshotKey.class).serializer().serialize("named", new ModelSnapshotKey("m", 0, 1L, 0));
        serdes("value.subject.name.strategy", "io.confluent.kafka.serializers.subject.RecordNameStrategy")
                .valueSerde(Features.class)
                .serializer()
                .serialize("named", new Features(List.of()));
        assertThat(registry.client().getAllSubjects()).contains("named-key", "io.millrace.avro.Features");
    }

    @Test
    void shouldRefuseUnregisteredSchemasWithoutAutoRegistration() {
        Serde<Example> serde = serdes("auto.register.schemas", "false").valueSerde(Example.class);
        assertThatThrownBy(() -> serde.serializer().serialize("unregistered", example(1)))
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessageContaining("unregistered-value")
                .hasMessageContaining("auto.register.schemas=true");
    }

    @Test
    void shouldWriteWithTheLatestVersionByNames() throws Exception {
        Schema own = Example.getClassSchema();
        List<Schema.Field> reordered = new ArrayList<>();
        for (int i : new int[] {2, 0, 1}) {
            reordered.add(new Schema.Field(
                    own.getFields().get(i), own.getFields().get(i).schema()));
        }
        reordered.add(new Schema.Field("note", Schema.create(Schema.Type.STRING), null, "none"));
        Schema latest = Schema.createRecord(own.getName(), null, own.getNamespace(), false, reordered);
        int id = registry.client().register("latest-value", new AvroSchema(latest));

        Serde<Example> serde = serdes("auto.register.schemas", "false", "use.latest.version", "true")
                .valueSerde(Example.class);
        byte[] bytes = serde.serializer().serialize("latest", example(4));
        assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
        assertThat(serde.deserializer().deserialize("latest", bytes)).isEqualTo(example(4));
    }

    @Test
    void shouldRefuseALatestVersionThatWouldLeaveOutWhatASnapshotIsAuditedBy() throws Exception {
        Schema own = ModelSnapshot.getClassSchema();
        Schema older = Schema.createRecord(
                own.getName(),
                null,
                own.getNamespace(),
                false,
                own.getFields().stream()
                        .filter(field -> !field.name().equals("inputs"))
                        .map(field -> new Schema.Field(field, field.schema()))
                        .toList());
        registry.client().register("audited-value", new AvroSchema(older));
        Serde<ModelSnapshot> serde = serdes("auto.register.schemas", "false", "use.latest.version", "true")
                .valueSerde(ModelSnapshot.class);
        assertThatThrownBy(() -> serde.serializer().serialize("audited", new ModelSnapshot()))
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessageContaining("it lacks inputs")
                .hasMessageContaining("Register schemas/ModelSnapshot.avsc");
    }

    @Test
    void shouldFailOverToAnotherRegistryAndSayWhenThereIsNone() {
        Map<String, ?> two = Map.of("schema.registry.url", "http://127.0.0.1:1," + registry.url(), "max.retries", "0");
        assertThat(roundTrip(new AvroSerdes(two).valueSerde(Example.class), example(1)))
                .isEqualTo(example(1));

        byte[] bytes = serdes().valueSerde(Example.class).serializer().serialize("t", example(1));
        Serde<Example> none = new AvroSerdes(Map.of("schema.registry.url", "http://127.0.0.1:1", "max.retries", "0"))
                .valueSerde(Example.class);
        assertThatThrownBy(() -> none.deserializer().deserialize("t", bytes))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("could not be reached for schema id");
        assertThatThrownBy(() -> none.serializer().serialize("t", example(1)))
                .isInstanceOf(RegistryUnavailableException.class)
                .hasMessageContaining("t-value");
        assertThatThrownBy(() -> new AvroSerdes(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url");
    }

    @Test
    void shouldAskOnceForAnUnusableIdAndSayWhenCredentialsAreRefused() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpServer stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stub.createContext("/", http -> {
            asked.incrementAndGet();
            String path = http.getRequestURI().getPath();
            int status = path.endsWith("/42") || path.endsWith("/9") ? 404 : path.endsWith("/8") ? 200 : 401;
            int code = path.endsWith("/42") ? 40403 : status;
            byte[] body = ("{\"error_code\":" + code
                            + ",\"message\":\"no\",\"schemaType\":\"PROTOBUF\",\"schema\":\"x\"}")
                    .getBytes(StandardCharsets.UTF_8);
            http.sendResponseHeaders(status, body.length);
            http.getResponseBody().write(body);
            http.close();
        });
        stub.start();
        try {
            String url = "http://127.0.0.1:" + stub.getAddress().getPort();
            Serde<Example> serde = new AvroSerdes(Map.of("schema.registry.url", url)).valueSerde(Example.class);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> serde.deserializer().deserialize("t", new byte[] {0, 0, 0, 0, 42, 1}))
                        .isExactlyInstanceOf(UnknownSchemaException.class)
                        .hasMessageContaining("unknown schema id 42 at the registry");
            }
            assertThat(asked).hasValue(1);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> serde.deserializer().deserialize("t", new byte[] {0, 0, 0, 0, 8, 1}))
                        .isExactlyInstanceOf(SerializationException.class)
                        .hasMessageContaining("cannot use schema id 8")
                        .hasMessageContaining("PROTOBUF");
            }
            assertThat(asked).hasValue(2);
            assertThatThrownBy(() -> serde.deserializer().deserialize("t", new byte[] {0, 0, 0, 0, 7, 1}))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("HTTP 401")
                    .hasMessageContaining("basic.auth.user.info");
            assertThatThrownBy(() -> serde.deserializer().deserialize("t", new byte[] {0, 0, 0, 0, 9, 1}))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("Is schema.registry.url that of a schema registry?");
        } finally {
            stub.stop(0);
        }
    }

    @Test
    void shouldServeSeveralThreadsAtOnce() throws Exception {
        Serde<Example> serde = serdes().valueSerde(Example.class);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> done = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                float mark = t;
                done.add(threads.submit(() -> {
                    for (int i = 0; i < 3000; i++) {
                        float[] features = new float[1 + i % 50];
                        Arrays.fill(features, mark);
                        Example record = new Example(new FloatVector(features), "thread " + mark, mark);
                        assertThat(roundTrip(serde, record).equals(record)).isTrue();
                    }
                }));
            }
            for (Future<?> each : done) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
