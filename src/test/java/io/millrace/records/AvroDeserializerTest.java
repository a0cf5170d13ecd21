package io.millrace.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.avro.Example;
import io.millrace.avro.Features;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records of other writers: other schemas, other encoders, and bytes that are no records. */
class AvroDeserializerTest {
    private static final String LABEL =
            "{\"name\":\"label\",\"type\":[\"int\",\"string\",\"float\",{\"type\":\"array\",\"items\":\"float\"}]}";
    private static final String WEIGHT = "{\"name\":\"weight\",\"type\":\"float\"}";

    private final AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://peers"));
    private final Deserializer<Example> deserializer =
            serdes.valueSerde(Example.class).deserializer();

    private static Schema schema(String... fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"Example\",\"namespace\":\"io.millrace.avro\",\"fields\":["
                        + String.join(",", fields) + "]}");
    }

    private static String features(String items) {
        return "{\"name\":\"features\",\"type\":{\"type\":\"array\",\"items\":" + items + "}}";
    }

    /** As a peer with this schema would write it. Block size 0: one block for each array. */
    private byte[] write(GenericRecord record, int blockBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            int id = serdes.client()
                    .register("peer-" + record.getSchema().hashCode(), new AvroSchema(record.getSchema()));
            out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
            EncoderFactory factory = new EncoderFactory();
            BinaryEncoder encoder = blockBytes == 0
                    ? factory.binaryEncoder(out, null)
                    : factory.configureBlockSize(blockBytes).blockingBinaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static GenericRecord record(Schema schema, Object features) {
        GenericRecord record = new GenericData.Record(schema);
        record.put("features", features);
        return record;
    }

    private byte[] valid() {
        GenericRecord record = record(schema(features("\"float\""), LABEL, WEIGHT), List.of(1f, 2f));
        record.put("label", "cat");
        record.put("weight", 1f);
        return write(record, 0);
    }

    @Test
    void shouldTakeTheFastPathForExamplesOfOurOwn() {
        Schema own = Example.getClassSchema();
        assertThat(SchemaNormalization.toParsingForm(own))
                .as("the layout that ExampleReader reads; change it together with schemas/Example.avsc")
                .isEqualTo(ExampleReader.LAYOUT);
        assertThat(RecordReader.of(Example.class, own, own, true)).isInstanceOf(ExampleReader.class);
    }

    @Test
    void shouldAllocateNothingButTheRecord() {
        Example record = new Example(new FloatVector(new float[784]), 3, 1f);
        byte[] bytes = serdes.valueSerde(Example.class).serializer().serialize("t", record);
        for (int i = 0; i < 20_000; i++) {
            deserializer.deserialize("t", bytes);
        }
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            deserializer.deserialize("t", bytes);
        }
        long perRecord = (threads.getCurrentThreadAllocatedBytes() - before) / 1000;
        assertThat(perRecord).as("bytes for 3136 of features").isBetween(3136L, 3136L + 500);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 256, 1024})
    void shouldReadArraysOfSeveralBlocks(int blockBytes) {
        float[] values = new float[777];
        for (int i = 0; i < values.length; i++) {
            values[i] = i * 0.1f;
        }
        GenericRecord record = record(
                schema(features("\"float\""), LABEL, WEIGHT),
                new FloatVector(values).stream().toList());
        record.put("label", List.of(1f, 0f));
        record.put("weight", 1f);

        Example read = deserializer.deserialize("t", write(record, blockBytes));

        assertThat(FloatVector.arrayOf(read.getFeatures())).isEqualTo(values);
        assertThat(FloatVector.arrayOf((FloatVector) read.getLabel())).containsExactly(1f, 0f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"int\"", "\"long\"", "[\"null\",\"float\"]", "[\"int\",\"float\"]"})
    void shouldPromoteOtherNumbersToFloat(String items) {
        for (int blockBytes : new int[] {0, 64}) {
            List<?> numbers = items.equals("\"int\"")
                    ? List.of(1, -2, 3)
                    : items.equals("\"long\"") ? List.of(1L, -2L, 3L) : List.of(1f, -2f, 3f);
            GenericRecord record = record(schema(features(items), LABEL, WEIGHT), numbers);
            record.put("label", 5);
            record.put("weight", 1f);
            Example read = deserializer.deserialize("t", write(record, blockBytes));
            assertThat(FloatVector.arrayOf(read.getFeatures())).containsExactly(1f, -2f, 3f);
            assertThat(read.getLabel()).isEqualTo(5);
        }
    }

    @Test
    void shouldReadAddedDroppedAndReorderedFields() {
        GenericRecord added = record(
                schema(
                        "{\"name\":\"old\",\"type\":{\"type\":\"array\",\"items\":\"int\"}}",
                        LABEL,
                        features("\"float\"")),
                List.of(1f, 2f));
        added.put("old", List.of(9, 8));
        added.put("label", 0.5f);

        Example read = deserializer.deserialize("t", write(added, 0));

        assertThat(FloatVector.arrayOf(read.getFeatures())).containsExactly(1f, 2f);
        assertThat(read.getLabel()).isEqualTo(0.5f);
        assertThat(read.getWeight()).as("the default").isEqualTo(1f);
    }

    @Test
    void shouldReadLabelsOfPeersWithOneType() {
        GenericRecord record =
                record(schema("{\"name\":\"label\",\"type\":\"string\"}", features("\"float\"")), List.of(1f));
        record.put("label", "cat");
        assertThat(deserializer.deserialize("t", write(record, 0)).getLabel()).isEqualTo("cat");
    }

    @Test
    void shouldNameTheFault() {
        byte[] valid = valid();
        byte[] truncated = Arrays.copyOf(valid, valid.length - 3);
        byte[] trailing = Arrays.copyOf(valid, valid.length + 1);
        byte[] magic = valid.clone();
        magic[0] = '{';

        assertFault(new byte[0], "0 bytes", "shorter than the 5 bytes");
        assertFault(magic, "starts with byte 123", "schema registry serializer");
        assertFault(new byte[] {0, 0, 0, 9, 9, 0}, "unknown schema id 2313 at the registry");
        assertFault(
                truncated,
                "value of " + truncated.length + " bytes on topic \"t\"",
                "io.millrace.avro.Example (schema id");
        assertFault(trailing, "1 bytes are left over");
        assertFault(
                serdes.valueSerde(Features.class).serializer().serialize("t", new Features(List.of(1f))),
                "not a readable Example",
                "io.millrace.avro.Features",
                "label");
    }

    private void assertFault(byte[] bytes, String... parts) {
        assertThatThrownBy(() -> deserializer.deserialize("t", bytes))
                .isInstanceOf(SerializationException.class)
                .isNotInstanceOf(RegistryUnavailableException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void shouldNotAllocateWhatACorruptCountPromises() {
        for (long count : new long[] {1L << 20, Integer.MAX_VALUE - 8, Integer.MAX_VALUE, 1L << 40, Long.MIN_VALUE}) {
            assertSmallFailure(header(valid(), count));
            assertSmallFailure(header(promotedId(), count));
        }
    }

    /** The id of the record, then a block of so many elements that are not there. */
    private static byte[] header(byte[] record, long count) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(record, 0, 5);
        long zigzag = (count << 1) ^ (count >> 63);
        while ((zigzag & ~0x7FL) != 0) {
            out.write((int) (zigzag & 0x7F | 0x80));
            zigzag >>>= 7;
        }
        out.write((int) zigzag);
        out.writeBytes(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        return out.toByteArray();
    }

    private byte[] promotedId() {
        GenericRecord record = record(schema(features("\"int\""), LABEL, WEIGHT), List.of(1));
        record.put("label", 1);
        record.put("weight", 1f);
        return write(record, 0);
    }

    @Property(tries = 3000)
    void shouldOnlyEverFailWithSerializationException(
            @ForAll @Size(max = 60) byte[] noise, @ForAll @IntRange(max = 2) int kind) {
        byte[] start = kind == 0 ? new byte[0] : Arrays.copyOf(kind == 1 ? valid() : promotedId(), 5);
        byte[] bytes = Arrays.copyOf(start, start.length + noise.length);
        System.arraycopy(noise, 0, bytes, start.length, noise.length);
        assertSmallFailure(bytes);
    }

    @Property(tries = 2000)
    void shouldSurviveFlippedBytes(@ForAll @IntRange(min = 5, max = 24) int at, @ForAll byte value) {
        byte[] bytes = valid();
        bytes[Math.min(at, bytes.length - 1)] = value;
        assertSmallFailure(bytes);
    }

    private void assertSmallFailure(byte[] bytes) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Throwable failure = catchThrowable(() -> deserializer.deserialize("t", bytes));
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        if (failure != null) {
            assertThat(failure).isInstanceOf(SerializationException.class);
        }
        assertThat(allocated).as("bytes allocated for " + bytes.length).isLessThan(4L << 20);
    }
}
