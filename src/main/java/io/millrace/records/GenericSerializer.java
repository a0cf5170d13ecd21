package io.millrace.records;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes values of any schema in Confluent's wire format, all records of a topic in the schema of its first one. For one thread.
 *
 * <p>Throws {@link SerializationException} as {@link AvroSerializer} does.
 */
final class GenericSerializer implements Serializer<GenericRecord> {
    private final SubjectSchemas schemas;
    private final Map<String, SubjectSchemas.Registered> byTopic = new HashMap<>();
    private final RecordBuffer buffer = new RecordBuffer();
    private final BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(buffer, null);

    GenericSerializer(SubjectSchemas schemas) {
        this.schemas = schemas;
    }

    @Override
    public byte[] serialize(String topic, GenericRecord record) {
        if (record == null) {
            return null;
        }
        SubjectSchemas.Registered registered =
                byTopic.computeIfAbsent(topic, newTopic -> schemas.forWriting(newTopic, false, record.getSchema()));
        buffer.clear();
        buffer.write(0);
        buffer.writeInt(registered.id());
        try {
            new GenericDatumWriter<GenericRecord>(registered.schema()).write(record, encoder);
            encoder.flush();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "value for topic \"" + topic + "\" cannot be written as "
                            + registered.schema().getFullName() + ": " + e,
                    e);
        }
        return buffer.toByteArray();
    }
}
