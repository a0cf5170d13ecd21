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
 * nothing about the record. Schemas that are known already need no registry.
 */
final class PatientDeserializer<T> {
    private static final Logger LOG = LoggerFactory.getLogger(PatientDeserializer.class);
    private static final long RETRY_MS = 500;

    private final Deserializer<T> deserializer;
    private final String topic;
    private final long patienceMs;

    /** @param patience how long to wait before the fault is passed on */
    PatientDeserializer(Deserializer<T> deserializer, String topic, Duration patience) {
        this.deserializer = deserializer;
        this.topic = topic;
        patienceMs = patience.toMillis();
    }

    /**
     * Decodes a record.
     *
     * @param bytes the record's value; null when it has none
     * @throws BadInputException when it cannot be decoded
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
}
