package io.millrace.cli.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.cli.console.FailedException;
import io.millrace.feature.ValueFormat;
import io.millrace.input.declared.JsonRecord;
import io.millrace.input.declared.SchemaFit;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegisteredSchema;
import io.millrace.records.RegistryUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/** Reads the records of a topic as maps of names to values. Finds out whether they are Avro or JSON. */
final class SampleReader {
    private static final int HEADER_BYTES = 5;
    private static final int SHOWN_BYTES = 8;
    private static final String PROTOBUF = "PROTOBUF";

    private final String topic;
    private final AvroSerdes serdes;
    private final RegisteredSchema latest; // null: unknown
    private final ValueFormat format;
    private final Map<Integer, GenericDatumReader<Object>> readers = new HashMap<>();

    /**
     * Looks at the schema and at the first bytes of the records.
     *
     * @throws FailedException if the records are neither Avro nor JSON
     */
    SampleReader(String topic, AvroSerdes serdes, List<ConsumerRecord<byte[], byte[]>> records) {
        this.topic = topic;
        this.serdes = serdes;
        latest = serdes.latestValueSchema(topic).orElse(null);
        if (latest != null && latest.type().equals(PROTOBUF)) {
            throw new FailedException(SchemaFit.formatProblem(topic, latest.id(), PROTOBUF, ValueFormat.AVRO));
        }
        long json = records.stream().filter(record -> isJson(record.value())).count();
        long framed = records.stream()
                .filter(record -> !isJson(record.value()) && isFramed(record.value()))
                .count();
        if (json == 0 && framed == 0) {
            byte[] first = records.get(0).value();
            throw new FailedException(
                    topic + " holds neither Avro in the registry's wire format nor objects of JSON: its"
                            + " records begin with the bytes "
                            + HexFormat.ofDelimiter(" ").formatHex(first, 0, Math.min(first.length, SHOWN_BYTES))
                            + ". Millrace reads Avro and JSON.");
        }
        format = json >= framed ? ValueFormat.JSON : ValueFormat.AVRO;
    }

    private static boolean isFramed(byte[] value) {
        return value.length > HEADER_BYTES && value[0] == 0;
    }

    /** Whether it is an object in JSON, which may have the header of a JSON Schema. The first field of Avro may look like a brace, too. */
    private boolean isJson(byte[] value) {
        boolean framed = isFramed(value);
        if (framed && latest != null) {
            return latest.type().equals(ValueFormat.JSON.name());
        }
        int at = framed ? HEADER_BYTES : 0;
        while (at < value.length && Character.isWhitespace(value[at])) {
            at++;
        }
        return at < value.length && value[at] == '{';
    }

    ValueFormat format() {
        return format;
    }

    /** The latest schema of Avro; null if there is none. */
    Schema schema() {
        return latest == null ? null : latest.avro();
    }

    /** The format, with the latest schema if there is one. */
    String description() {
        return (format == ValueFormat.AVRO ? "Avro" : "JSON") + (latest == null ? "" : ", schema " + latest.id());
    }

    /**
     * Reads a record.
     *
     * @throws IllegalArgumentException with a sentence without full stop if it cannot be read
     */
    Map<?, ?> read(byte[] value) {
        Object read = format == ValueFormat.JSON ? json(value) : avro(value);
        if (!(read instanceof Map<?, ?> fields)) {
            throw new IllegalArgumentException("the value is no object with fields");
        }
        return fields;
    }

    private static Object json(byte[] value) {
        int from = isFramed(value) ? HEADER_BYTES : 0;
        try {
            JsonNode tree = JsonRecord.JSON.readTree(value, from, value.length - from);
            return JsonRecord.JSON.treeToValue(tree, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not valid as JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) { // an encoding that is none
            throw new IllegalArgumentException("not valid as JSON: " + e.getMessage(), e);
        }
    }

    private Object avro(byte[] value) {
        if (!isFramed(value)) {
            throw new IllegalArgumentException("no record in the registry's wire format");
        }
        int id = ByteBuffer.wrap(value).getInt(1);
        try {
            GenericDatumReader<Object> reader = readers.computeIfAbsent(
                    id, unknown -> new GenericDatumReader<>(serdes.writerSchema(topic, unknown)));
            Object datum = reader.read(
                    null, DecoderFactory.get().binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, null));
            return AvroTree.of(datum, reader.getSchema());
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (SerializationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IOException | RuntimeException e) { // Avro has an exception of its own for each kind of damage
            throw new IllegalArgumentException("not valid as Avro (schema id " + id + ")", e);
        }
    }
}
