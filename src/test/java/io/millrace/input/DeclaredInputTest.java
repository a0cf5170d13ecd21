package io.millrace.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.config.MillraceConfig;
import io.millrace.feature.Declaration;
import io.millrace.input.declared.SchemaFindings;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.records.AvroSerdes;
import io.millrace.topology.TestConfigs;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Records of a topic whose schema changes, with a registry. */
class DeclaredInputTest {
    private static final LearnerSpec SPEC = TestConfigs.with().learner();
    private static final Declaration DECLARATION = Declaration.parse(
            "amount: number, plan?: oneof(free|pro), customer|client?: category(64)", "label", "", "");
    private static final String OLD =
            "{'name':'amount','type':'int'},{'name':'client','type':'string'}," + "{'name':'label','type':'string'}";
    private static final String NEW = "{'name':'label','type':['null','string']},"
            + "{'name':'customer','type':['null','string'],'default':null},{'name':'amount','type':'double'},"
            + "{'name':'plan','type':'string','default':'pro'}";
    private static final String WITHOUT = "{'name':'label','type':'string'},{'name':'plan','type':'string'}";

    private final AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://declared"));
    private final List<SchemaFindings> findings = new ArrayList<>();
    private final Input input = new DeclaredInput(serdes, false, DECLARATION, findings::add);
    private final ExampleCodec codec = input.examples("orders", SPEC);

    private static Declaration declaration(String format) {
        return Declaration.parse(
                format, "amount: number, plan?: oneof(free|pro), customer|client?: category(64)", "label", "", "");
    }

    private static Schema schema(String fields) {
        return new Schema.Parser()
                .parse(("{'type':'record','name':'Order','fields':[" + fields + "]}").replace('\'', '"'));
    }

    private byte[] record(String fields, Map<String, ?> values) throws Exception {
        Schema schema = schema(fields);
        GenericData.Record record = new GenericData.Record(schema);
        values.forEach(record::put);
        int id = serdes.client().register("orders-value", new AvroSchema(schema));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private DecodedExample decode(byte[] value) {
        return codec.decode(null, value, new RecordHeaders(), 5);
    }

    /** The plan of each writer's schema says what its records have; a default of another schema is not put in. */
    @Test
    void shouldReadRecordsOfOlderAndNewerSchemas() throws Exception {
        byte[] older = record(OLD, Map.of("amount", 3, "client", "c", "label", "yes"));
        byte[] newer = record(NEW, Map.of("amount", 4.5, "customer", "c", "label", "no", "plan", "free"));

        for (int i = 0; i < 2; i++) {
            DecodedExample example = decode(older);
            assertThat(example.row().numbers()).containsExactly(3, Double.NaN, Double.NaN, Double.NaN, 1);
            int client = example.row().ids()[0];
            assertThat(example.target()).containsExactly(1);
            assertThat(decode(newer).row().numbers()).containsExactly(4.5, 1, 0, 0, 0);
            assertThat(example.row().ids()[0]).isEqualTo(client).isPositive();
            assertThat(example.target()).containsExactly(0);
        }
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).problems()).isEmpty();
        assertThat(findings.get(0).absent())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("\"plan\" is not in orders (schema ");
    }

    @Test
    void shouldReportASchemaWithoutADeclaredFieldOnceAndRefuseItsRecords() throws Exception {
        byte[] value = record(WITHOUT, Map.of("label", "yes", "plan", "pro"));
        ExampleCodec ofAnotherThread = input.examples("orders", SPEC);

        for (ExampleCodec each : List.of(codec, codec, ofAnotherThread)) {
            assertThatThrownBy(() -> each.decode(null, value, new RecordHeaders(), 5))
                    .isInstanceOf(BadInputException.class)
                    .hasMessage("amount is missing; declare \"amount?\" if it may be");
        }
        assertThat(findings).hasSize(1);
        assertThat(codec.unfitSchemas()).isEqualTo(1);
        assertThat(ofAnotherThread.unfitSchemas()).isEqualTo(1);
        assertThat(findings.get(0).problems()).hasSize(1).first().asString().startsWith("\"amount\" is not in orders");
    }

    @Test
    void shouldTakeWhatHasNoValueOrNoLabelAsNoExample() throws Exception {
        assertThat(decode(null)).isNull();
        assertThat(decode(record(NEW, Map.of("amount", 1.0, "plan", "x")))).isNull();
    }

    @Test
    void shouldWriteARefusedExampleAsItCame() throws Exception {
        byte[] value = record(OLD, Map.of("amount", 3, "client", "c", "label", "yes"));
        DecodedExample example = decode(value);

        assertThat(codec.encode(new RefusedBatch.Example(null, example.row().record(), new float[] {1}, 1, 5, 0)))
                .isEqualTo(value);
    }

    @Test
    void shouldReadRequestsWithoutALabel() throws Exception {
        RequestDecoder requests = input.requests("requests", DECLARATION);
        byte[] value = record("{'name':'amount','type':'float'}", Map.of("amount", 2f));

        assertThat(requests.decode(null, value, new RecordHeaders(), 5).numbers())
                .containsExactly(2, Double.NaN, Double.NaN, Double.NaN, 1);
        assertThat(requests.eventTime(5)).isEqualTo(5);
        assertThatThrownBy(() -> requests.decode(null, null, new RecordHeaders(), 5))
                .isInstanceOf(BadInputException.class)
                .hasMessage("the record has no value");
    }

    @Test
    void shouldNotKnowARecordWhoseSchemaTheRegistryDoesNotKnow() {
        assertThatThrownBy(() -> decode(new byte[] {0, 0, 0, 99, 99, 0}))
                .isInstanceOf(SchemaUnavailableException.class)
                .hasMessageStartingWith("unknown schema id 25443 at the registry");
    }

    /** Newer serializers can put it there. The value then begins with the record's first field. */
    @Test
    void shouldSayThatTheSchemaIdIsInAHeader() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("__value_schema_id", new byte[17]);
        ExampleCodec examples = new ExampleInput(serdes, false).examples("orders", SPEC);
        for (ExampleCodec each : List.of(codec, examples)) {
            assertThatThrownBy(() -> each.decode(null, new byte[] {4, 0, 0, 1, 1, 1}, headers, 5))
                    .isInstanceOf(BadInputException.class)
                    .hasMessageContaining("starts with byte 4 where the registry's wire format has 0. Its schema id is"
                            + " in the header __value_schema_id, which Millrace does not read.");
            assertThatThrownBy(() -> each.decode(null, new byte[] {0, 0, 0, 99, 99, 0}, headers, 5))
                    .isInstanceOf(SchemaUnavailableException.class)
                    .hasMessageContaining("unknown schema id 25443 at the registry")
                    .hasMessageContaining(". Its schema id is in the header __value_schema_id");
        }
    }

    @Test
    void shouldCompareTheDeclarationWithTheLatestSchema() throws Exception {
        AvroSerdes own = new AvroSerdes(Map.of("schema.registry.url", "mock://latest"));
        MillraceConfig config = TestConfigs.declared(
                "features", "amount: log, plan?: category", "label", "label", "topics.examples", "orders");

        assertThat(Inputs.check(
                                config.learner().declaration(),
                                own,
                                config.topics().examples(),
                                true)
                        .isEmpty())
                .isTrue(); // no schema yet
        own.client().register("orders-value", new AvroSchema(schema(NEW)));
        assertThat(Inputs.check(
                                config.learner().declaration(),
                                own,
                                config.topics().examples(),
                                true)
                        .isEmpty())
                .isTrue();
        int id = own.client().register("orders-value", new AvroSchema(schema("{'name':'plan','type':'string'}")));
        assertThat(Inputs.check(
                        config.learner().declaration(), own, config.topics().examples(), true))
                .isEqualTo(new SchemaFindings(
                        id,
                        List.of(
                                "\"amount\" is not in orders (schema " + id + "); Order has plan.",
                                "\"label\" is not in orders (schema " + id + "); Order has plan."),
                        List.of()));
        assertThat(Inputs.check(null, own, "examples", true).isEmpty()).isTrue(); // of Example
    }

    @Test
    void shouldReadJsonWithoutARegistry() {
        Input json = new DeclaredInput(serdes, false, declaration("json"), findings::add);
        ExampleCodec examples = json.examples("orders", SPEC);

        DecodedExample example = examples.decode(
                null, "{\"amount\":3,\"label\":\"yes\"}".getBytes(StandardCharsets.UTF_8), new RecordHeaders(), 5);

        assertThat(example.row().numbers()).containsExactly(3, Double.NaN, Double.NaN, Double.NaN, 1);
        assertThat(example.eventTime()).isEqualTo(5);
        assertThat(example.weight()).isEqualTo(1);
        assertThat(findings).isEmpty();
    }
}
