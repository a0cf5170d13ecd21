package io.millrace.records;

import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.SchemaMetadata;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDe;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.millrace.avro.ModelSnapshot;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The registry's schemas for a topic, by Confluent's rules: subject names, contexts, registration, and the settings
 * that select the schema for writing a record. The registry is asked once for each topic or id, not for each record.
 */
final class SubjectSchemas extends AbstractKafkaSchemaSerDe {
    /** A schema and its id at the registry. */
    record Registered(int id, Schema schema) {}

    /**
     * An unknown id is requested again after this many seconds: a registry may receive a schema later than its first
     * record is read.
     */
    private static final long UNKNOWN_ID_TTL_SECONDS = 10;

    /**
     * A task that waits has a transaction open, which lasts 10 s unless configured. Confluent's defaults, three more
     * attempts of up to a minute each, are too long for it. A caller that can wait longer asks again.
     */
    private static final Map<String, String> BRIEF = Map.of(
            SchemaRegistryClientConfig.MAX_RETRIES_CONFIG, "1",
            SchemaRegistryClientConfig.RETRIES_WAIT_MS_CONFIG, "500",
            SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, "3000",
            SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, "3000");

    private static final String SNAPSHOT = ModelSnapshot.class.getName();

    private record SubjectAndId(String subject, int id) {}

    // The schema of an id never changes, so an unusable one is not requested again for every record.
    private final Map<SubjectAndId, SerializationException> unusable = new ConcurrentHashMap<>();

    // The client may have to discard its cache (see meaningless); valid answers are kept here.
    private final Map<SubjectAndId, Schema> readable = new ConcurrentHashMap<>();
    private final Map<String, Registered> writable = new ConcurrentHashMap<>(); // by subject
    private final RegistryCalls calls = new RegistryCalls();

    SubjectSchemas(Map<String, ?> config) {
        Map<String, Object> settings = new HashMap<>(BRIEF);
        settings.putAll(config);
        // Confluent's client casts this one to Long without parsing it.
        settings.compute(
                SchemaRegistryClientConfig.MISSING_ID_CACHE_TTL_CONFIG,
                (key, set) -> set == null
                        ? UNKNOWN_ID_TTL_SECONDS
                        : Long.valueOf(set.toString().trim()));
        configureClientProperties(
                new AbstractKafkaSchemaSerDeConfig(AbstractKafkaSchemaSerDeConfig.baseConfigDef(), settings, false),
                new AvroSchemaProvider());
    }

    RegistryCalls calls() {
        return calls;
    }

    /** How long, in nanoseconds, an answer of {@link #forWriting} may be used; negative: without limit. */
    long latestTtlNanos() {
        return config.getLatestCacheTtl() < 0 ? -1 : TimeUnit.SECONDS.toNanos(config.getLatestCacheTtl());
    }

    /**
     * The schema for writing records of the given schema: the given one, registered or looked up, or, with
     * {@code use.latest.version} and similar settings, the one in the registry.
     *
     * @throws RegistryUnavailableException if the registry could not be asked
     * @throws SerializationException if the registry does not know or does not accept the schema
     */
    Registered forWriting(String topic, boolean isKey, Schema own) {
        AvroSchema schema = new AvroSchema(own);
        String subject = getSubjectName(topic, isKey, null, schema);
        String asked = "schema " + own.getFullName() + " for subject \"" + subject + "\"";
        if (config.autoRegisterSchema()) {
            Registered before = writable.get(subject);
            if (before != null && before.schema().equals(own)) {
                return before;
            }
        }
        try {
            return whole(asked, own, calls.ask(() -> askForWriting(subject, asked, own, schema)));
        } catch (RestClientException e) {
            if (isVerdict(e)) {
                throw new SerializationException(
                        "the registry does not take " + asked + ": " + e.getMessage() + advice(e), e);
            }
            throw unavailable(asked, e);
        } catch (IOException | RuntimeException e) {
            throw failed(asked, e);
        }
    }

    /**
     * A snapshot contains a hash of its whole content: if fields were left out, verification would report a forgery.
     */
    private static Registered whole(String asked, Schema own, Registered registered) {
        List<String> lacking =
                own.getFullName().equals(SNAPSHOT) ? MissingFields.of(own, registered.schema()) : List.of();
        if (!lacking.isEmpty()) {
            throw new SerializationException("the registry's " + asked + ", id " + registered.id()
                    + ", is an older one: it lacks " + String.join(", ", lacking)
                    + ". Register schemas/ModelSnapshot.avsc");
        }
        return registered;
    }

    private Registered askForWriting(String subject, String asked, Schema own, AvroSchema schema)
            throws IOException, RestClientException {
        if (config.autoRegisterSchema()) {
            int id = registerWithResponse(subject, schema, config.normalizeSchema(), config.propagateSchemaTags())
                    .getId();
            Registered now = registered(asked, id, own);
            writable.put(subject, now);
            return now;
        }
        if (config.useSchemaId() >= 0) {
            ParsedSchema found = lookupSchemaBySubjectAndId(
                    subject, config.useSchemaId(), schema, config.getIdCompatibilityStrict());
            return new Registered(config.useSchemaId(), avro(asked, found));
        }
        if (metadata != null) {
            ExtendedSchema found = getLatestWithMetadata(subject);
            return registered(asked, found.getId(), avro(asked, found.getSchema()));
        }
        if (config.useLatestVersion()) {
            ExtendedSchema found = lookupLatestVersion(subject, schema, config.getLatestCompatibilityStrict());
            return registered(asked, found.getId(), avro(asked, found.getSchema()));
        }
        return registered(asked, schemaRegistry.getId(subject, schema, config.normalizeSchema()), own);
    }

    /**
     * The schema with which a record of this topic with this id was written.
     *
     * @throws RegistryUnavailableException if the registry could not be asked
     * @throws UnknownSchemaException if the registry has no schema with this id
     * @throws SerializationException if the registry has no Avro schema with this id
     */
    Schema forReading(String topic, boolean isKey, int id) {
        // A strategy that names subjects after the record cannot be used before the record is read.
        String subject = strategyUsesSchema(isKey) || isDeprecatedSubjectNameStrategy(isKey)
                ? getContextName(topic)
                : getSubjectName(topic, isKey, null, null);
        SubjectAndId key = new SubjectAndId(subject, id);
        SerializationException known = unusable.get(key);
        if (known != null) {
            throw known;
        }
        Schema answered = readable.get(key);
        if (answered != null) {
            return answered;
        }
        String asked = "schema id " + id;
        try {
            Schema schema = avro(asked, calls.ask(() -> schemaRegistry.getSchemaBySubjectAndId(subject, id)));
            readable.put(key, schema);
            return schema;
        } catch (RestClientException e) {
            if (isVerdict(e)) {
                throw new UnknownSchemaException(
                        "unknown schema id " + id + " at the registry (" + e.getMessage() + ")", e);
            }
            throw unavailable(asked, e);
        } catch (IOException | RuntimeException e) {
            SerializationException failure = failed(asked, e);
            if (!(failure instanceof RegistryUnavailableException)) {
                unusable.put(key, failure);
            }
            throw failure;
        }
    }

    /**
     * The latest schema of a topic.
     *
     * @return empty if none is registered, or if subjects are named after records, which only a record can tell
     * @throws RegistryUnavailableException if the registry could not be asked
     * @throws SerializationException if it has an Avro schema that cannot be used
     */
    Optional<RegisteredSchema> latest(String topic, boolean isKey) {
        if (strategyUsesSchema(isKey) || isDeprecatedSubjectNameStrategy(isKey)) {
            return Optional.empty();
        }
        String subject = getSubjectName(topic, isKey, null, null);
        String asked = "the latest schema of subject \"" + subject + "\"";
        SchemaMetadata latest;
        try {
            latest = calls.ask(() -> schemaRegistry.getLatestSchemaMetadata(subject));
        } catch (RestClientException e) {
            if (isVerdict(e)) {
                return Optional.empty();
            }
            throw unavailable(asked, e);
        } catch (IOException | RuntimeException e) {
            throw failed(asked, e);
        }
        Schema avro = latest.getSchemaType().equals(AvroSchema.TYPE) ? forReading(topic, isKey, latest.getId()) : null;
        return Optional.of(new RegisteredSchema(latest.getId(), latest.getSchemaType(), avro, latest.getSchema()));
    }

    /** Confluent's client reads an answer without an id as the id 0, and nobody could read what is written with it. */
    private Registered registered(String asked, int id, Schema schema) {
        if (id <= 0) {
            throw meaningless(asked, "id");
        }
        return new Registered(id, schema);
    }

    private Schema avro(String asked, ParsedSchema schema) {
        if (!(schema instanceof AvroSchema avro)) {
            throw new SerializationException("the schema at the registry is not Avro but " + schema.schemaType());
        }
        if (avro.rawSchema() == null) {
            throw meaningless(asked, "schema");
        }
        return avro.rawSchema();
    }

    /** Confluent's client has cached the answer: without clearing the cache, asking again would be useless. */
    private RegistryUnavailableException meaningless(String asked, String missing) {
        schemaRegistry.reset();
        calls.notAnswered();
        return new RegistryUnavailableException(
                "the registry's answer for " + asked + " contains no " + missing
                        + ". Is schema.registry.url that of a schema registry?",
                null);
    }

    /** Not found, incompatible or invalid: an answer about the schema, not about the caller or the registry itself. */
    private static boolean isVerdict(RestClientException e) {
        // A plain 404, without the registry's own digits, comes from another server at this URL.
        boolean notFound = e.getErrorCode() / 100 == 404;
        return notFound || e.getStatus() == 409 || e.getStatus() == 422;
    }

    private static String advice(RestClientException e) {
        return e.getStatus() == 404 ? ". Register it first, or set auto.register.schemas=true" : "";
    }

    private RegistryUnavailableException unavailable(String asked, RestClientException e) {
        calls.notAnswered();
        String advice = e.getStatus() == 401 || e.getStatus() == 403
                ? ". Check basic.auth.user.info or bearer.auth.token and the rights of that user"
                : e.getStatus() == 404 ? ". Is schema.registry.url that of a schema registry?" : "";
        return new RegistryUnavailableException(
                "the registry answered HTTP " + e.getStatus() + " for " + asked + ": " + e.getMessage() + advice, e);
    }

    private static SerializationException failed(String asked, Exception e) {
        if (e instanceof SerializationException refusal) {
            return refusal;
        }
        // Confluent's client has no exception type for an answer that it cannot use, only this message.
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = String.valueOf(root.getMessage());
        if (message.startsWith("Invalid schema") || message.startsWith("Incompatible schema")) {
            return new SerializationException("cannot use " + asked + ": " + message, e);
        }
        return new RegistryUnavailableException("the registry could not be reached for " + asked + ": " + root, e);
    }
}
