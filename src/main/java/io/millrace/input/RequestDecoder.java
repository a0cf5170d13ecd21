package io.millrace.input;

import io.millrace.feature.InputRow;
import io.millrace.learner.input.BadInputException;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.common.header.Headers;

/** Decodes records into the features of requests. For one thread. */
public interface RequestDecoder {
    /**
     * Decodes a record. An implementation need not check the numbers, because the predictor does.
     *
     * @param key null when the record has none
     * @param value null when the record has none
     * @param timestamp of the record, ms
     * @return the features; the decoder fills the same object again with the next record
     * @throws SchemaUnavailableException when the record may be good, but its schema is not available
     * @throws BadInputException when the record is not a request
     */
    InputRow decode(byte[] key, byte[] value, Headers headers, long timestamp);

    /**
     * The event time of the request that was decoded last, ms: by the same rule as that of an example, as far as requests have it.
     *
     * @param timestamp of the record, ms
     */
    default long eventTime(long timestamp) {
        return timestamp;
    }

    /** As of {@link ExampleCodec#unfitSchemas}. */
    default int unfitSchemas() {
        return 0;
    }

    /** As of {@link ExampleCodec#missing}. */
    default AtomicLongArray missing() {
        return new AtomicLongArray(0);
    }
}
