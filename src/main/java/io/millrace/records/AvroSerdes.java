package io.millrace.records;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Serdes for generated Avro records, all on one client of the schema registry.
 *
 * <pre>{@code
 * AvroSerdes serdes = new AvroSerdes(Map.of("schema.registry.url", "http://localhost:8081"));
 * Serde<Example> examples = serdes.valueSerde(Example.class);
 * }</pre>
 *
 * <p>The configuration is Confluent's: {@code schema.registry.url} (required; a list fails over, {@code mock://scope} is an
 * in-memory registry shared in this JVM), {@code basic.auth.*}, {@code bearer.auth.*}, {@code schema.registry.ssl.*},
 * {@code auto.register.schemas}, {@code use.latest.version}, {@code value.subject.name.strategy}, and the rest of
 * {@link io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig}. Not supported: the rules of data contracts
 * ({@code rule.executors}), which are neither checked nor applied. Schemas are registered without Java's own properties
 * ({@code avro.java.string}), that is, as they stand in {@code schemas/}.
 *
 * <p>Serdes may be shared by threads. Closing a serde does nothing; closing this object closes the client under all of them.
 */
public final class AvroSerdes implements AutoCloseable {
    private final SubjectSchemas schemas;

    /**
     * Opens no connection: the registry is first asked when a record needs it.
     *
     * @throws org.apache.kafka.common.config.ConfigException if {@code schema.registry.url} is missing or a value is
     *     invalid
     */
    public AvroSerdes(Map<String, ?> config) {
        schemas = new SubjectSchemas(config);
    }

    /** For values of records: the subject is {@code <topic>-value} unless a strategy says otherwise. */
    public <T extends SpecificRecord> Serde<T> valueSerde(Class<T> type) {
        return serde(type, false);
    }

    /** For keys of records: the subject is {@code <topic>-key} unless a strategy says otherwise. */
    public <T extends SpecificRecord> Serde<T> keySerde(Class<T> type) {
        return serde(type, true);
    }

    private <T extends SpecificRecord> Serde<T> serde(Class<T> type, boolean isKey) {
        return Serdes.serdeFrom(
                new AvroSerializer<>(schemas, type, isKey), new AvroDeserializer<>(schemas, type, isKey, true));
    }

    /**
     * Reads values as the first version of Millrace did, strictly by Avro's rules: a double where the class has a float
     * is an error.
     */
    public <T extends SpecificRecord> Deserializer<T> literalValueDeserializer(Class<T> type) {
        return new AvroDeserializer<>(schemas, type, false, false);
    }

    /** For values of records of any schema, for one thread: those of a topic in the schema of the first one. */
    public Serializer<GenericRecord> genericValueSerializer() {
        return new GenericSerializer(schemas);
    }

    /**
     * Requests the schema for the records of a topic in advance. The client caches it, so that writing these records
     * needs no registry.
     *
     * @param record any record of that type; its fields may be empty
     * @throws org.apache.kafka.common.errors.SerializationException as for writing such a record
     */
    public void prepareToWrite(String topic, boolean isKey, SpecificRecord record) {
        schemas.forWriting(topic, isKey, AvroSerializer.contract(record));
    }

    /**
     * The schema with which a value of a topic was written. The registry is asked once for each id.
     *
     * @throws RegistryUnavailableException if the registry could not be asked
     * @throws UnknownSchemaException if the registry has no schema with this id
     * @throws org.apache.kafka.common.errors.SerializationException if the registry has no Avro schema with this id
     */
    public Schema writerSchema(String topic, int id) {
        return schemas.forReading(topic, false, id);
    }

    /**
     * The latest schema of a topic's values, of any type.
     *
     * @return empty if none is registered, or if the name of the subject depends on the record
     * @throws RegistryUnavailableException if the registry could not be asked
     * @throws org.apache.kafka.common.errors.SerializationException if the schema is Avro and cannot be used
     */
    public Optional<RegisteredSchema> latestValueSchema(String topic) {
        return schemas.latest(topic, false);
    }

    /** Whether the registry answered when it was asked last, whatever it said; true before it is asked. */
    public boolean registryAnswered() {
        return schemas.calls().answered();
    }

    /** The registry client that all serdes of this object use. */
    public SchemaRegistryClient client() {
        return schemas.getSchemaRegistryClient();
    }

    /**
     * Ends all waiting for the registry, so that an application that is being stopped can end. After this call, a
     * request has one second to be answered and then fails with {@link RegistryUnavailableException}.
     */
    public void stop() {
        schemas.calls().stop();
    }

    /**
     * Waits before the registry is asked again.
     *
     * @return false, at once, after {@link #stop}
     */
    public boolean pause(Duration time) throws InterruptedException {
        return schemas.calls().pause(time);
    }

    @Override
    public void close() {
        try {
            schemas.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the client of the schema registry did not close", e);
        }
    }
}
