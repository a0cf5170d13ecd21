package io.millrace.topology.snapshot;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.millrace.avro.ModelSnapshot;
import io.millrace.records.AvroSerdes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.Deserializer;

/** Snapshots that some Millrace wrote, from an Avro data file. */
public final class PublishedChunks {
    private PublishedChunks() {}

    /** As a topic would have them: written with their own schema, which the registry knows. */
    public static List<ModelSnapshot> read(Path file) throws Exception {
        List<ModelSnapshot> chunks = new ArrayList<>();
        try (AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "mock://fixtures"));
                DataFileReader<GenericRecord> in =
                        new DataFileReader<>(file.toFile(), new GenericDatumReader<GenericRecord>())) {
            Schema written = in.getSchema();
            int id = serdes.client().register("snapshots-value-" + written.hashCode(), new AvroSchema(written));
            Deserializer<ModelSnapshot> deserializer =
                    serdes.valueSerde(ModelSnapshot.class).deserializer();
            for (GenericRecord record : in) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
                BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
                new GenericDatumWriter<GenericRecord>(written).write(record, encoder);
                encoder.flush();
                chunks.add(deserializer.deserialize("snapshots", bytes.toByteArray()));
            }
        }
        return chunks;
    }
}
