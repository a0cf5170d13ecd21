package io.millrace.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.ModelSnapshotKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writers whose schemas differ from ours, each made from ours by a change: what they write is read, or refused with a sentence. */
class SchemaEvolutionTest {
    private static final Schema DOUBLE = Schema.create(Schema.Type.DOUBLE);

    private final AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://evolution"));

    static List<SpecificRecord> records() {
        TrustedRecords.trust(); // before there are serdes, which see to it
        FloatVector floats = new FloatVector(new float[] {1, -2, 3});
        return List.of(
                new Example(floats, 3, 1f),
                new Example(floats, "cat", 1f),
                new Features(floats),
                Records.snapshot(),
                new ModelSnapshotKey("model", 1, 20L, 0));
    }

    /** What is made of a writer's schema must come to an end. */
    @Test
    void shouldReadFromAWriterWhoseSchemaIsWithinItself() throws Exception {
        Schema list = new Schema.Parser().parse("""
                {"type": "record", "name": "Features", "namespace": "io.millrace.avro", "fields": [
                  {"name": "features", "type": {"type": "array", "items": "float"}},
                  {"name": "next", "type": ["null", "Features"]}]}""");
        byte[] nested = new byte[1_000_000]; // no feature, branch 1, ...; no feature, branch 0
        for (int i = 1; i < nested.length - 2; i += 2) {
            nested[i] = 2;
        }
        assertThat(readFeatures("list", list, nested).getFeatures()).isEmpty();
        assertThat(readFeatures("list", list, new byte[] {0, 2, 0, 0}).getFeatures())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"null\"",
                "{\"type\": \"fixed\", \"name\": \"Nothing\", \"size\": 0}",
                "{\"type\": \"record\", \"name\": \"Empty\", \"fields\": []}"
            })
    void shouldRefuseASchemaOfWhichTwentyBytesTakeAnHour(String item) throws Exception {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "Features", "namespace": "io.millrace.avro", "fields": [
                  {"name": "features", "type": {"type": "array", "items": "float"}},
                  {"name": "others", "type": ["null", {"type": "array", "items": %s}]}]}""".formatted(item));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        out.writeLong(0);
        out.writeLong(1);
        out.writeLong(2_000_000_000);
        out.writeLong(0);
        out.flush();
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> readFeatures("weightless" + item.length(), schema, bytes.toByteArray()))
                        .isExactlyInstanceOf(SerializationException.class)
                        .hasMessageContaining("items that take no bytes"));
    }

    private Features readFeatures(String topic, Schema writer, byte[] body) throws Exception {
        int id = serdes.client().register(topic + "-value", new AvroSchema(writer));
        byte[] record = ByteBuffer.allocate(5 + body.length)
                .put((byte) 0)
                .putInt(id)
                .put(body)
                .array();
        return serdes.valueSerde(Features.class).deserializer().deserialize(topic, record);
    }

    /** The schema with other fields. */
    private static Schema with(Schema schema, List<Schema.Field> fields) {
        List<Schema.Field> copies = new ArrayList<>();
        fields.forEach(field -> copies.add(new Schema.Field(field, field.schema())));
        return Schema.createRecord(schema.getName(), schema.getDoc(), schema.getNamespace(), false, copies);
    }

    /** As a writer with this schema has it, of which our fields are those of the record. */
    private <T extends SpecificRecord> T read(T record, Schema writer, Map<String, Object> others) throws Exception {
        return serde(record).deserializer().deserialize("t", bytes(record, writer, others));
    }

    private <T extends SpecificRecord> byte[] bytes(T record, Schema writer, Map<String, Object> others)
            throws Exception {
        GenericRecord written = new GenericData.Record(writer);
        GenericRecord generic = generic(record);
        for (Schema.Field field : writer.getFields()) {
            boolean other = others.containsKey(field.name());
            written.put(field.name(), other ? others.get(field.name()) : generic.get(field.name()));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int id = serdes.client().register("writer-" + writer.hashCode(), new AvroSchema(writer));
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(writer).write(written, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    @SuppressWarnings("unchecked") // the record's own class
    private <T extends SpecificRecord> Serde<T> serde(T record) {
        return serdes.valueSerde((Class<T>) record.getClass());
    }

    private <T extends SpecificRecord> GenericRecord generic(T record) throws Exception {
        byte[] bytes = serde(record).serializer().serialize("t", record);
        return new GenericDatumReader<GenericRecord>(record.getSchema())
                .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    }

    @ParameterizedTest
    @MethodSource("records")
    void shouldReadFieldsInAnotherOrder(SpecificRecord record) throws Exception {
        List<Schema.Field> fields = new ArrayList<>(record.getSchema().getFields());
        Collections.reverse(fields);

        assertThat(read(record, with(record.getSchema(), fields), Map.of())).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("records")
    void shouldPassOverFieldsThatAreNotKnown(SpecificRecord record) throws Exception {
        Schema lists = Schema.createMap(Schema.createArray(Schema.create(Schema.Type.STRING)));
        List<Schema.Field> fields = new ArrayList<>(record.getSchema().getFields());
        fields.add(0, new Schema.Field("first", lists));
        fields.add(new Schema.Field("last", Schema.create(Schema.Type.LONG)));
        Map<String, Object> others = Map.of("first", Map.of("a", List.of("b", "c")), "last", 5L);

        assertThat(read(record, with(record.getSchema(), fields), others)).isEqualTo(record);
    }

    /** A field with a default may be missing; without one the sentence names it. */
    @ParameterizedTest
    @MethodSource("records")
    void shouldReadOrRefuseRecordsWithoutAField(SpecificRecord record) throws Exception {
        for (Schema.Field dropped : record.getSchema().getFields()) {
            List<Schema.Field> fields = new ArrayList<>(record.getSchema().getFields());
            fields.remove(dropped);
            Schema writer = with(record.getSchema(), fields);
            if (dropped.hasDefaultValue()) {
                SpecificRecord read = read(record, writer, Map.of());
                for (Schema.Field kept : fields) {
                    assertThat(read.get(kept.pos())).isEqualTo(record.get(kept.pos()));
                }
                assertThat(read.get(dropped.pos()))
                        .as(dropped.name())
                        .isEqualTo(org.apache.avro.specific.SpecificData.get().getDefaultValue(dropped));
            } else {
                assertThatThrownBy(() -> read(record, writer, Map.of()))
                        .isExactlyInstanceOf(SerializationException.class)
                        .hasMessageContaining("missing required field " + dropped.name());
            }
        }
    }

    /** Ints and longs for floats, ints for longs. */
    @ParameterizedTest
    @MethodSource("records")
    void shouldWidenNumbers(SpecificRecord record) throws Exception {
        List<Schema.Field> fields = new ArrayList<>();
        Map<String, Object> others = new java.util.HashMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
            Object value = record.get(field.pos());
            Schema.Type type = field.schema().getType();
            if (type == Schema.Type.ARRAY) {
                fields.add(new Schema.Field(field.name(), Schema.createArray(Schema.create(Schema.Type.LONG))));
                others.put(
                        field.name(),
                        ((List<?>) value)
                                .stream().map(one -> ((Float) one).longValue()).toList());
            } else if (type == Schema.Type.LONG || type == Schema.Type.FLOAT) {
                fields.add(new Schema.Field(field.name(), Schema.create(Schema.Type.INT)));
                others.put(field.name(), ((Number) value).intValue());
            } else {
                fields.add(field);
            }
        }

        assertThat(read(record, with(record.getSchema(), fields), others)).isEqualTo(record);
    }

    private static Schema replaced(Schema schema, Map<String, Schema> others) {
        return with(
                schema,
                schema.getFields().stream()
                        .map(field -> others.containsKey(field.name())
                                ? new Schema.Field(field.name(), others.get(field.name()))
                                : field)
                        .toList());
    }

    /** Most languages have no other reals: plain, in unions, nullable, beside a field more. */
    @Test
    void shouldTakeDoublesForFloatsRoundedOnce() throws Exception {
        double third = 1 / 3.0;
        FloatVector rounded = new FloatVector(new float[] {(float) third, -2.5f, (float) 1e-50, Float.MAX_VALUE});
        List<Double> doubles = List.of(third, -2.5, 1e-50, 3.4028235e38);
        Schema array = Schema.createArray(DOUBLE);
        Schema nullable = Schema.createUnion(Schema.create(Schema.Type.NULL), array);
        Schema anyLabel =
                Schema.createUnion(Schema.create(Schema.Type.INT), Schema.create(Schema.Type.STRING), DOUBLE, array);
        Schema ours = Example.getClassSchema();

        for (Schema features : List.of(array, nullable)) {
            for (Schema label : List.of(DOUBLE, anyLabel)) {
                Schema writer = replaced(ours, Map.of("features", features, "label", label, "weight", DOUBLE));
                assertThat(read(
                                new Example(rounded, 1, 1f),
                                writer,
                                Map.of("features", doubles, "label", third, "weight", third)))
                        .isEqualTo(new Example(rounded, (float) third, (float) third));
            }
        }
        assertThat(read(
                        new Example(rounded, "cat", 1f),
                        replaced(ours, Map.of("features", array, "label", anyLabel)),
                        Map.of("features", doubles)))
                .isEqualTo(new Example(rounded, "cat", 1f));
        assertThat(read(
                        new Example(rounded, 1, 1f),
                        replaced(ours, Map.of("label", anyLabel)),
                        Map.of("label", doubles)))
                .isEqualTo(new Example(rounded, rounded, 1f));
        assertThat(read(
                        new Features(rounded),
                        replaced(Features.getClassSchema(), Map.of("features", array)),
                        Map.of("features", doubles)))
                .isEqualTo(new Features(rounded));
    }

    @Test
    void shouldTakeWholeNumbersOfAnyWidth() throws Exception {
        FloatVector floats = new FloatVector(new float[] {1, -2, 3});
        Schema number = Schema.create(Schema.Type.LONG);
        Schema array = Schema.createArray(number);
        assertThat(read(
                        new Example(floats, 1, 2f),
                        replaced(
                                Example.getClassSchema(), Map.of("features", array, "label", number, "weight", number)),
                        Map.of("features", List.of(1L, -2L, 3L), "label", 16_777_217L, "weight", 2L)))
                .isEqualTo(new Example(floats, 16_777_216f, 2f));
        assertThat(read(
                        new Example(floats, 1, 2f),
                        replaced(Example.getClassSchema(), Map.of("label", array)),
                        Map.of("label", List.of(1L, 0L))))
                .isEqualTo(new Example(floats, new FloatVector(new float[] {1, 0}), 2f));
    }

    @Test
    void shouldSayWhichFieldDoesNotFit() {
        Example example = new Example(new FloatVector(new float[] {1, 2}), "cat", 1f);
        Schema ours = Example.getClassSchema();
        Schema doubles = replaced(ours, Map.of("features", Schema.createArray(DOUBLE)));
        refused(example, doubles, Map.of("features", List.of(1.0, 1e300)), "field features: 1.0E300 is too large");
        Schema strings = Schema.createArray(Schema.create(Schema.Type.STRING));
        refused(
                example,
                replaced(ours, Map.of("features", strings)),
                Map.of("features", List.of("1", "2")),
                "field features: Found string, expecting float");

        List<Schema.Field> capitals = ours.getFields().stream()
                .map(field -> new Schema.Field(field.name().toUpperCase(Locale.ROOT), field.schema()))
                .toList();
        refused(
                example,
                with(ours, capitals),
                Map.of("FEATURES", List.of(1f, 2f), "LABEL", "cat", "WEIGHT", 1f),
                "missing required field label; names are case-sensitive, and the writer's schema has FEATURES, LABEL, WEIGHT");
    }

    private void refused(Example example, Schema writer, Map<String, Object> others, String why) {
        assertThatThrownBy(() -> read(example, writer, others))
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessageContaining(why);
    }

    /** What was a bad example once is one in every replay of that time. */
    @Test
    void shouldStillRefuseDoublesWhereOldExamplesAreReadAgain() throws Exception {
        Schema writer = replaced(Example.getClassSchema(), Map.of("features", Schema.createArray(DOUBLE)));
        byte[] bytes = bytes(
                new Example(new FloatVector(new float[0]), "cat", 1f), writer, Map.of("features", List.of(1.0, 2.0)));

        assertThat(serdes.valueSerde(Example.class).deserializer().deserialize("t", bytes))
                .isEqualTo(new Example(new FloatVector(new float[] {1, 2}), "cat", 1f));
        assertThatThrownBy(() -> serdes.literalValueDeserializer(Example.class).deserialize("t", bytes))
                .isExactlyInstanceOf(SerializationException.class)
                .hasMessageContaining("Found double, expecting float");
    }
}
