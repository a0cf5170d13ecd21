package io.millrace.bench.workload;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.millrace.records.AvroSerdes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Avro records of ten fields, as teams have them: six numbers, two categories of high cardinality, a flag and a time. Their features are
 * declared. The class follows from the first two numbers and the first category.
 */
final class FieldRecords implements BenchRecords {
    static final Map<String, String> SETTINGS = Map.of(
            "features",
            "n0: number, n1: number, n2: number, n3: number, n4: number, n5: number, user: category, item: category,"
                    + " active: flag, at: time(hour|weekday)",
            "label",
            "outcome");

    private static final int NUMBERS = 6;
    private static final int USERS = 100_000;
    private static final int ITEMS = 1000;
    private static final long START_MS = 1_700_000_000_000L;
    private static final byte MAGIC = 0;

    private final int classes;
    private final int schemaId;
    private final GenericData.Record record = new GenericData.Record(SCHEMA);
    private final GenericDatumWriter<GenericData.Record> writer = new GenericDatumWriter<>(SCHEMA);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private BinaryEncoder encoder;
    private long written;

    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record("Order").namespace("io.millrace.bench").fields();
        for (int i = 0; i < NUMBERS; i++) {
            fields.requiredDouble("n" + i);
        }
        return fields.requiredString("user")
                .requiredString("item")
                .requiredBoolean("active")
                .requiredLong("at")
                .requiredInt("outcome")
                .endRecord();
    }

    /** Registers the schema for a topic of examples. */
    FieldRecords(Workload workload, String topic, AvroSerdes serdes) {
        classes = workload.outputs();
        try {
            schemaId = serdes.client().register(topic + "-value", new AvroSchema(SCHEMA));
        } catch (IOException | RestClientException e) {
            throw new BenchException("The schema of the records cannot be registered: " + e.getMessage() + ".", e);
        }
    }

    @Override
    public byte[] example(SplittableRandom random) {
        return record(random);
    }

    @Override
    public byte[] request(SplittableRandom random) {
        return record(random);
    }

    private byte[] record(SplittableRandom random) {
        double[] numbers = new double[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = random.nextDouble() * 2 - 1;
            record.put("n" + i, numbers[i]);
        }
        int user = random.nextInt(USERS);
        record.put("user", "user-" + user);
        record.put("item", "item-" + random.nextInt(ITEMS));
        record.put("active", random.nextBoolean());
        record.put("at", START_MS + written++);
        record.put("outcome", Math.floorMod((numbers[0] > numbers[1] ? 1 : 0) + user, classes));
        return encoded();
    }

    private byte[] encoded() {
        try {
            out.reset();
            out.writeBytes(ByteBuffer.allocate(1 + Integer.BYTES)
                    .put(MAGIC)
                    .putInt(schemaId)
                    .array());
            encoder = EncoderFactory.get().binaryEncoder(out, encoder);
            writer.write(record, encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
