package io.millrace.topology;

import io.millrace.avro.RegistryUnavailableException;
import io.millrace.learner.BadInputException;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells records that are bad from a schema registry that is away, and waits for the latter: that a schema cannot be asked for says
 * nothing about the record. Schemas that are known already need no registry. Unless {@code registry.unavailable} says so, a record is
 * not given up.
 */
final class PatientDeserializer<T> {
    private static final Logger LOG = LoggerFactory.getLogger(PatientDeserializer.class);
    private static final long RETRY_MS = 500;
    private static final long GIVEN_UP_NS = Duration.ofSeconds(30).toNanos();

    private final Deserializer<T> deserializer;
    private final String topic;
    private final long patienceMs;
    private final boolean givesUp;
    private boolean gaveUp;
    private long gaveUpAt; // System.nanoTime(); the records soon after it need not wait as well

    /** A deserializer that gives no record up. */
    PatientDeserializer(Deserializer<T> deserializer, String topic, Duration patience) {
        this(deserializer, topic, patience, false);
    }

    /**
     * @param patience how long to wait before the fault is passed on
     * @param givesUp whether the record then counts as bad
     */
    PatientDeserializer(Deserializer<T> deserializer, String topic, Duration patience, boolean givesUp) {
        this.deserializer = deserializer;
        this.topic = topic;
        this.givesUp = givesUp;
        patienceMs = patience.toMillis();
    }

    /**
     * Decodes a record.
     *
     * @param bytes the record's value; null when it has none
     * @throws BadInputException when it cannot be decoded, or the registry stayed away and the record is to be given up
     * @throws RegistryUnavailableException when the registry stayed away for longer than patience lasts
     */
    T deserialize(Headers headers, byte[] bytes) {
        if (bytes == null) {
            throw new BadInputException("the record has no value");
        }
        for (long waitedMs = 0; ; waitedMs += RETRY_MS) {
            try {
                return deserializer.deserialize(topic, headers, bytes);
            } catch (RegistryUnavailableException e) {
                if (givesUp && (waitedMs >= patienceMs || gaveUpJustNow())) {
                    gaveUp = true;
                    gaveUpAt = System.nanoTime();
                    throw new BadInputException(e.getMessage());
                }
                if (waitedMs >= patienceMs) {
                    throw e;
                }
                LOG.warn("Waiting for the schema registry: {}", e.getMessage());
                try {
                    Thread.sleep(RETRY_MS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            } catch (SerializationException e) {
                throw new BadInputException(e.getMessage());
            }
        }
    }

    private boolean gaveUpJustNow() {
        return gaveUp && System.nanoTime() - gaveUpAt < GIVEN_UP_NS;
    }
}
