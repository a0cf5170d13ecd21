package io.millrace.input;

import io.millrace.learner.input.BadInputException;
import io.millrace.records.AvroSerdes;
import io.millrace.records.RegistryUnavailableException;
import io.millrace.records.UnknownSchemaException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes records, and waits while the schema registry is away: that a schema cannot be asked for says nothing about the record.
 * Schemas that are known already need no registry. A record is given up only if {@code registry.unavailable} says so.
 */
public final class RegistryRetryingDeserializer<T> {
    /** How long a task waits for the registry; less than an open transaction may last. */
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
    private long gaveUpAt; // System.nanoTime(); the records soon after it need not wait as well
    private int gaveUpId; // the schema that could not be asked for
    private String cause;
    private long pauseNs; // from gaveUpAt on, in which that schema is not asked for again

    /** A deserializer that gives no record up, unless all is to stop. */
    public RegistryRetryingDeserializer(
            AvroSerdes serdes, Deserializer<T> deserializer, String topic, Duration patience) {
        this(serdes, deserializer, topic, patience, false);
    }

    /**
     * @param serdes which the deserializer is one of, and which say when nobody is to wait any more
     * @param patience how long to wait before the fault is passed on
     * @param givesUp whether the record then counts as bad
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
     * @throws SchemaUnavailableException when the registry does not know its schema, or stayed away and the record is to be given up
     * @throws BadInputException when it cannot be decoded
     * @throws RegistryUnavailableException when the registry stayed away for longer than patience lasts, or until all was to stop
     */
    public T deserialize(Headers headers, byte[] bytes) {
        if (bytes == null) {
            throw new BadInputException("the record has no value");
        }
        if (gaveUp && System.nanoTime() - gaveUpAt < pauseNs && schemaId(bytes) == gaveUpId) {
            throw new SchemaUnavailableException(cause);
        }
        long start = System.nanoTime(); // to ask takes its time, too
        while (true) {
            long askedAt = System.nanoTime();
            try {
                return deserializer.deserialize(topic, headers, bytes);
            } catch (RegistryUnavailableException e) {
                if (!waits(Duration.ZERO)) {
                    throw e; // which says nothing about the record: it is not given up for that
                }
                boolean waitedLong = System.nanoTime() - start >= patienceNs;
                if (givesUp && (waitedLong || gaveUpJustNow())) {
                    giveUp(schemaId(bytes), e.getMessage(), System.nanoTime() - askedAt);
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
                throw new SchemaUnavailableException(e.getMessage());
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
     * Records that each wait for an answer that does not come would hold up the transaction beyond its time, and then all of them come
     * again. So it is not asked again for as long as that took.
     */
    private void giveUp(int schemaId, String reason, long askedForNs) {
        gaveUp = true;
        gaveUpAt = System.nanoTime();
        gaveUpId = schemaId;
        cause = reason;
        pauseNs = askedForNs < SLOW_NS ? 0 : askedForNs;
    }

    /** @param bytes in the registry's wire format, or shorter, as no record is that one waits for */
    private static int schemaId(byte[] bytes) {
        return bytes.length < WIRE_HEADER ? -1 : ByteBuffer.wrap(bytes).getInt(1);
    }

    private boolean gaveUpJustNow() {
        return gaveUp && System.nanoTime() - gaveUpAt < GIVEN_UP_NS;
    }
}
