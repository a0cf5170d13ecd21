package io.millrace.input.declared;

import io.millrace.feature.Declaration;
import io.millrace.feature.InputRow;
import io.millrace.learner.spec.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Records in both formats for tests, and what declarations make of them. */
final class Decoding {
    static final long TIMESTAMP = 1_714_566_615_250L; // 2024-05-01T12:30:15.250Z, a Wednesday
    static final int SCHEMA_ID = 12;
    static final DeclaredDecoder.Target REGRESSION = new DeclaredDecoder.Target(Task.REGRESSION, List.of());

    private Decoding() {}

    static Declaration features(String features) {
        return Declaration.parse(features, "", "", "");
    }

    /** The inputs of a record in JSON with apostrophes for quotation marks. */
    static InputRow json(String features, String json) {
        DeclaredDecoder decoder = DeclaredDecoder.json(features(features), null);
        decode(decoder, json(json));
        return decoder.row();
    }

    static DeclaredDecoder.Outcome decode(DeclaredDecoder decoder, byte[] value) {
        return decoder.decode(null, value, new RecordHeaders(), TIMESTAMP);
    }

    static byte[] json(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    static double[] numbers(String features, String json) {
        return json(features, json).numbers().clone();
    }

    /** The ids of all tables. */
    static int[] ids(InputRow row) {
        int[] ends = row.ends();
        return Arrays.copyOf(row.ids(), ends.length == 0 ? 0 : ends[ends.length - 1]);
    }

    /** A record schema with these fields; apostrophes for quotation marks. */
    static Schema schema(String fields) {
        return new Schema.Parser()
                .parse("{'type':'record','name':'Order','namespace':'shop','fields':[".replace('\'', '"')
                        + fields.replace('\'', '"') + "]}");
    }

    static GenericData.Record record(Schema schema, Map<String, ?> values) {
        GenericData.Record record = new GenericData.Record(schema);
        values.forEach(record::put);
        return record;
    }

    /** In the wire format of a registry. */
    static byte[] avro(Object record, Schema schema) {
        return avro(record, schema, 0);
    }

    /** @param blockBytes the most bytes in a block of an array; 0: one block without its size */
    static byte[] avro(Object record, Schema schema, int blockBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(SCHEMA_ID).array());
        try {
            EncoderFactory factory = new EncoderFactory();
            BinaryEncoder encoder = blockBytes == 0
                    ? factory.binaryEncoder(out, null)
                    : factory.configureBlockSize(blockBytes).blockingBinaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static DeclaredDecoder decoder(Declaration declaration, DeclaredDecoder.Target target, Schema schema) {
        return DeclaredDecoder.avro(declaration, target, id -> schema);
    }

    /** The inputs of a record of this schema. */
    static InputRow avro(String features, Schema schema, Map<String, ?> values) {
        DeclaredDecoder decoder = decoder(features(features), null, schema);
        decode(decoder, avro(record(schema, values), schema));
        return decoder.row();
    }
}
