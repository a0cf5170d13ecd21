package io.millrace.input;

import io.millrace.learner.input.BadInputException;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.records.SchemaIdHeader;
import io.millrace.records.UnknownSchemaException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records, and waits while the schema registry is unavailable, because the record itself may be good. Schemas that are known
 * already need no registry. A record is given up only if {@code registry.unavailable} says so.
 */
public final class RegistryRetryingDeserializer<T> {
    /** How long a task waits for the registry; shorter than the timeout of an open transaction. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(RegistryRetryingDeserializer.class);
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final long SLOW_NS = Duration.ofSeconds(1).toNanos();
    /** Magic byte and schema id. */
    private static final int WIRE_HEADER = 5;

    private static final long GIVEN_UP_NS = Duration.ofSeconds(30).toNanos();

    private final AvroSerdes serdes;
    private final Deserializer<T> deserializer;
    private final String topic;
    private final long patienceNs;
    private final boolean givesUp;
    private boolean gaveUp;
    private long gaveUpAt; // System.nanoTime(); the records soon after it do not wait again
    private int gaveUpId; // the schema that could not be fetched
    private String cause;
    private long pauseNs; // from gaveUpAt on, in which that schema is not requested again
    private int decodedId = -1; // schema of the last record that was decoded, which is not requested again

    /** A deserializer that never gives up a record, except when the application stops. */
    public RegistryRetryingDeserializer(
            AvroSerdes serdes, Deserializer<T> deserializer, String topic, Duration patience) {
        this(serdes, deserializer, topic, patience, false);
    }

    /**
     * @param serdes serdes that the deserializer belongs to; they say when the application stops and waiting must end
     * @param patience how long to wait before the fault is thrown
     * @param givesUp whether the record counts as bad after that time
     */
    RegistryRetryingDeserializer(
            AvroSerdes serdes, Deserializer<T> deserializer, String topic, Duration patience, boolean givesUp) {
        this.serdes = serdes;
        this.deserializer = deserializer;
        this.topic = topic;
        this.givesUp = givesUp;
        patienceNs = patience.toNanos();
    }

    /**
     * Decodes a record.
     *
     * @param bytes the record's value; null when it has none
     * @throws SchemaUnavailableException when the registry does not know its schema, or when it stayed unavailable and the record is given up
     * @throws BadInputException when the record cannot be decoded
     * @throws RegistryUnavailableException when the registry stayed unavailable for longer than the patience, or until the application stopped
     */
    public T deserialize(Headers headers, byte[] bytes) {
        if (bytes == null) {
            throw new BadInputException("the record has no value");
        }
        int schemaId = schemaId(bytes);
        if (gaveUp && schemaId == gaveUpId && System.nanoTime() - gaveUpAt < pauseNs) {
            throw new SchemaUnavailableException(cause);
        }
        boolean asks = schemaId != decodedId; // to read the clock takes as long as to decode a small record
        long start = asks ? System.nanoTime() : 0; // includes the time of the request
        while (true) {
            long askedAt = asks ? System.nanoTime() : 0;
            try {
                T decoded = deserializer.deserialize(topic, headers, bytes);
                decodedId = schemaId;
                return decoded;
            } catch (RegistryUnavailableException e) {
                if (!waits(Duration.ZERO)) {
                    throw e; // the record itself may be good, so it is not given up
                }
                boolean waitedLong = System.nanoTime() - start >= patienceNs;
                if (givesUp && (waitedLong || gaveUpJustNow())) {
                    giveUp(schemaId, e.getMessage(), System.nanoTime() - askedAt);
                    throw new SchemaUnavailableException(cause);
                }
                if (waitedLong) {
                    throw e;
                }
                LOG.warn("Waiting for the schema registry: {}", e.getMessage());
                if (!waits(RETRY)) {
                    throw e;
                }
            } catch (UnknownSchemaException e) {
                String advice = SchemaIdHeader.advice(headers);
                throw new SchemaUnavailableException(e.getMessage() + (advice.isEmpty() ? "" : "." + advice));
            } catch (SerializationException e) {
                throw new BadInputException(e.getMessage());
            }
        }
    }

    private boolean waits(Duration time) {
        try {
            return serdes.pause(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * If every record waited for an answer that does not come, the transaction would time out and all of them would be read again. So the
     * schema is not requested again for as long as the failed request took.
     */
    private void giveUp(int schemaId, String reason, long askedForNs) {
        gaveUp = true;
        gaveUpAt = System.nanoTime();
        gaveUpId = schemaId;
        cause = reason;
        pauseNs = askedForNs < SLOW_NS ? 0 : askedForNs;
    }

    /** @param bytes in the registry's wire format; shorter ones have no schema id, and decoding never waits for them */
    private static int schemaId(byte[] bytes) {
        return bytes.length < WIRE_HEADER ? -1 : ByteBuffer.wrap(bytes).getInt(1);
    }

    private boolean gaveUpJustNow() {
        return gaveUp && System.nanoTime() - gaveUpAt < GIVEN_UP_NS;
    }
}
