package io.millrace.records;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroTypeException;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads records in Confluent's wire format (a zero byte, the schema id as four bytes big-endian, Avro binary) into
 * generated classes. The writer's schema is resolved to the schema of the class by Avro's rules; in addition, a double
 * is accepted for a float. {@code null} gives null.
 *
 * <p>It is built for a million records a second on one thread: one reader for each schema id, reused buffers, float
 * arrays copied in bulk. It allocates nothing but the record. Threads may share an instance; each has its own buffers.
 *
 * <p>Throws {@link SerializationException} if the record is permanently unreadable;
 * {@link RegistryUnavailableException}, a subclass, if the registry could not be asked; {@link UnknownSchemaException}
 * if the registry does not know the schema. An unknown id is requested again after ten seconds
 * ({@code missing.id.cache.ttl.sec}).
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
    private static final int HEADER_BYTES = 5;

    private final SubjectSchemas schemas;
    private final Class<T> type;
    private final boolean isKey;
    private final boolean doubles;
    private final Schema readerSchema;
    private final PerThread<Readers> readers = new PerThread<>(Readers::new);

    /** @param doubles whether to accept doubles where the class has floats, rounded once */
    AvroDeserializer(SubjectSchemas schemas, Class<T> type, boolean isKey, boolean doubles) {
        this.doubles = doubles;
        TrustedRecords.trust();
        this.schemas = schemas;
        this.type = type;
        this.isKey = isKey;
        this.readerSchema = SpecificData.get().getSchema(type);
    }

    @Override
    public T deserialize(String topic, byte[] data) {
        return data == null ? null : readers.get().read(topic, data, 0, data.length);
    }

    @Override
    public T deserialize(String topic, Headers headers, byte[] data) {
        if (data != null && data.length >= HEADER_BYTES && data[0] != 0) {
            throw foreign(topic, data.length, data[0], SchemaIdHeader.advice(headers));
        }
        return deserialize(topic, data);
    }

    @Override
    public T deserialize(String topic, Headers headers, ByteBuffer data) {
        if (data == null || !data.hasArray()) {
            return Deserializer.super.deserialize(topic, headers, data);
        }
        return readers.get().read(topic, data.array(), data.arrayOffset() + data.position(), data.remaining());
    }

    private SerializationException foreign(String topic, int length, byte first, String advice) {
        return unreadable(
                topic,
                length,
                "starts with byte " + first + " where the registry's wire format has 0."
                        + (advice.isEmpty() ? " Was it written without a schema registry serializer?" : advice),
                null);
    }

    private SerializationException unreadable(String topic, int length, String reason, Throwable cause) {
        return new SerializationException(where(topic, length) + ": " + reason, cause);
    }

    private String where(String topic, int length) {
        return (isKey ? "key" : "value") + " of " + length + " bytes on topic \"" + topic + "\" is not a readable "
                + type.getSimpleName();
    }

    /** One thread's input, and its reader for each schema id. */
    private final class Readers {
        private record Id(String topic, int id) {}

        private final Map<Id, Reader<T>> byId = new HashMap<>();
        private final RecordInput input = new RecordInput();
        // The reader of the last record, which is nearly always the reader of the next record, too.
        private String lastTopic;
        private int lastId;
        private Reader<T> last;

        T read(String topic, byte[] data, int offset, int length) {
            if (length < HEADER_BYTES) {
                throw unreadable(topic, length, "shorter than the 5 bytes of magic and schema id", null);
            }
            if (data[offset] != 0) {
                throw foreign(topic, length, data[offset], "");
            }
            int id = ByteBuffer.wrap(data).getInt(offset + 1);
            if (last == null || id != lastId || !topic.equals(lastTopic)) {
                select(topic, id, length);
            }
            try {
                input.open(data, offset + HEADER_BYTES, length - HEADER_BYTES);
                T read = last.records.read(input);
                if (input.remaining() == 0) {
                    return read;
                }
            } catch (AvroTypeException e) { // its own message says what does not fit
                throw unreadable(topic, length, "not valid as " + last.written() + ": " + e.getMessage(), e);
            } catch (IOException | RuntimeException e) {
                throw unreadable(topic, length, "not valid as " + last.written() + ": " + e, e);
            }
            throw unreadable(topic, length, input.remaining() + " bytes are left over after " + last.written(), null);
        }

        private void select(String topic, int id, int length) {
            Id key = new Id(topic, id);
            Reader<T> reader = byId.get(key);
            if (reader == null) {
                reader = open(topic, id, length);
                byId.put(key, reader);
            }
            lastTopic = topic;
            lastId = id;
            last = reader;
        }

        private Reader<T> open(String topic, int id, int length) {
            try {
                Schema writer = schemas.forReading(topic, isKey, id);
                return new Reader<>(id, writer.getFullName(), RecordReader.of(type, writer, readerSchema, doubles));
            } catch (RegistryUnavailableException e) {
                throw new RegistryUnavailableException("topic \"" + topic + "\": " + e.getMessage(), e.getCause());
            } catch (UnknownSchemaException e) {
                throw new UnknownSchemaException(where(topic, length) + ": " + e.getMessage(), e.getCause());
            } catch (SerializationException e) {
                throw unreadable(topic, length, e.getMessage(), e);
            }
        }
    }

    private record Reader<T>(int id, String schemaName, RecordReader<T> records) {
        String written() {
            return schemaName + " (schema id " + id + ")";
        }
    }
}
