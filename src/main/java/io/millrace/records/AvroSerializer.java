package io.millrace.records;

import io.confluent.kafka.schemaregistry.avro.AvroSchemaUtils;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes generated records in Confluent's wire format (a zero byte, the schema id as four bytes big-endian, Avro
 * binary). {@code null} gives null.
 *
 * <p>The registry is asked once for each topic; the first record registers the schema, unless
 * {@code auto.register.schemas=false}. A {@link FloatVector} is written in bulk, any other list of floats by Avro.
 * Buffers are reused; only the returned array is allocated. Threads may share an instance.
 *
 * <p>Throws {@link SerializationException} if the record or its schema is refused, and
 * {@link RegistryUnavailableException}, a subclass, if the registry could not be asked.
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
    private final SubjectSchemas schemas;
    private final Class<T> type;
    private final boolean isKey;
    private final PerThread<Writers> writers = new PerThread<>(Writers::new);

    AvroSerializer(SubjectSchemas schemas, Class<T> type, boolean isKey) {
        TrustedRecords.trust();
        this.schemas = schemas;
        this.type = type;
        this.isKey = isKey;
    }

    @Override
    public byte[] serialize(String topic, T record) {
        return record == null ? null : writers.get().write(topic, record);
    }

    /** One thread's writer for each topic. */
    private final class Writers {
        private final Map<String, RecordWriter<T>> byTopic = new HashMap<>();
        private final long ttlNanos = schemas.latestTtlNanos();
        private long askedAt = System.nanoTime();
        // The writer of the last record, which is nearly always the writer of the next record, too.
        private String lastTopic;
        private RecordWriter<T> last;

        byte[] write(String topic, T record) {
            if (ttlNanos >= 0 && System.nanoTime() - askedAt > ttlNanos) {
                byTopic.clear();
                last = null;
                askedAt = System.nanoTime();
            }
            if (last == null || !topic.equals(lastTopic)) {
                last = byTopic.computeIfAbsent(topic, newTopic -> open(newTopic, record));
                lastTopic = topic;
            }
            try {
                return last.toBytes(record);
            } catch (IOException | RuntimeException e) {
                throw new SerializationException(
                        (isKey ? "key" : "value") + " for topic \"" + topic + "\" cannot be written as "
                                + type.getSimpleName() + ": " + e,
                        e);
            }
        }

        private RecordWriter<T> open(String topic, T record) {
            SubjectSchemas.Registered registered = schemas.forWriting(topic, isKey, contract(record));
            return new RecordWriter<>(registered.id(), registered.schema());
        }
    }

    /** Without Java's own properties such as avro.java.string: the registry must have the schema as in schemas/. */
    static Schema contract(SpecificRecord record) {
        return AvroSchemaUtils.getSchema(record, false, false, true);
    }
}
