package io.millrace.records;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.avro.Example;
import io.millrace.avro.Features;
import io.millrace.avro.ModelSnapshot;
import io.millrace.avro.ModelSnapshotKey;
import io.millrace.fuzz.Hostile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;

/** Bytes of strangers in the place of records: read, or refused with a {@link SerializationException} and a sentence. */
class HostileRecordsTest {
    private static final int HEADER = 5;
    private static final Hostile HOSTILE = new Hostile(
            e -> e.getClass() == SerializationException.class || e.getClass() == UnknownSchemaException.class,
            64 << 10,
            64);

    private static final AvroSerdes SERDES = new AvroSerdes(Map.of("schema.registry.url", "mock://hostile"));
    private static final List<byte[]> VALID = new ArrayList<>();
    private static final List<Deserializer<?>> DESERIALIZERS = new ArrayList<>();

    static {
        Serde<Example> examples = SERDES.valueSerde(Example.class);
        Serde<Features> features = SERDES.valueSerde(Features.class);
        Serde<ModelSnapshot> snapshots = SERDES.valueSerde(ModelSnapshot.class);
        Serde<ModelSnapshotKey> keys = SERDES.keySerde(ModelSnapshotKey.class);
        FloatVector three = new FloatVector(new float[] {1, -2, 3e9f});
        for (Object label : List.of(3, "cat", 0.5f, three)) {
            add(examples, new Example(three, label, 1f));
        }
        add(features, new Features(three));
        add(snapshots, Records.snapshot());
        add(keys, new ModelSnapshotKey("model", 3, 1L << 40, 2));
        VALID.add(ofAPeer(Records.PEER, List.of(1, 2, 3, 4, 5, 6, 7, 8, 9)));
        VALID.add(ofAPeer(
                Records.PEER.replace("\"int\"", "\"double\""), List.of(1.0, 2e38, 1e300, 4.0, 5.0, 6.0, 7.0, 8.0)));
        for (Serde<?> serde : List.of(examples, features, snapshots, keys)) {
            DESERIALIZERS.add(serde.deserializer());
        }
    }

    private static <T extends SpecificRecord> void add(Serde<T> serde, T record) {
        VALID.add(serde.serializer().serialize("t", record));
    }

    /** Of a schema that ours has to be resolved with: ints or doubles for floats, a field more, others in another order, in blocks. */
    private static byte[] ofAPeer(String schema, List<? extends Number> features) {
        try {
            return ofAPeer(new Schema.Parser().parse(schema), features);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] ofAPeer(Schema schema, List<? extends Number> features) throws Exception {
        GenericRecord record = new GenericData.Record(schema);
        record.put("features", features);
        record.put("label", "cat");
        record.put("note", Map.of("a", List.of("b", "c")));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int id = SERDES.client().register("peer-" + schema.hashCode(), new AvroSchema(schema));
        out.writeBytes(ByteBuffer.allocate(HEADER).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /** Bytes with no regard to the wire format, or behind a header that is right. */
    @Property(tries = 150, shrinking = ShrinkingMode.OFF)
    void shouldSurviveNoise(@ForAll long seed) {
        HOSTILE.feed(seed, random -> headed(random, Hostile.noise(random)), HostileRecordsTest::all);
    }

    private static byte[] headed(SplittableRandom random, byte[] noise) {
        byte[] header = VALID.get(random.nextInt(VALID.size()));
        int length = random.nextInt(3) == 0 ? 0 : random.nextInt(HEADER) == 0 ? 1 : HEADER;
        System.arraycopy(header, 0, noise, 0, Math.min(noise.length, length));
        return noise;
    }

    /** Records damaged behind the header. */
    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamagedRecords(@ForAll long seed) {
        HOSTILE.feed(seed, random -> Hostile.mutated(random, any(random), HEADER), HostileRecordsTest::all);
    }

    /** Records damaged anywhere: another magic byte, an id of another schema or of none. */
    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    void shouldSurviveDamagedHeaders(@ForAll long seed) {
        HOSTILE.feed(seed, random -> Hostile.mutated(random, any(random), 0), HostileRecordsTest::all);
    }

    private static byte[] any(SplittableRandom random) {
        return VALID.get(random.nextInt(VALID.size()));
    }

    /** A topic may hold any of them: each is given to each deserializer. */
    private static void all(byte[] bytes) {
        SerializationException last = null;
        for (Deserializer<?> deserializer : DESERIALIZERS) {
            try {
                deserializer.deserialize("t", bytes);
            } catch (SerializationException e) {
                last = e;
            }
        }
        if (last != null) {
            throw last;
        }
    }
}
