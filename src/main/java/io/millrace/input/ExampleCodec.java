package io.millrace.input;

import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.kafka.common.header.Headers;

/** Decodes records into examples, and encodes an example that was refused later as the value of its dead letter. For one thread. */
public interface ExampleCodec {
    /**
     * Decodes a record. An implementation need not check the numbers, because the learner does.
     *
     * @param key null when the record has none
     * @param value null when the record has none
     * @param timestamp of the record, ms
     * @return the example; the codec fills the same object again with the next record. null when the record is none and is not to be
     *     learned: it has no value, or no label yet
     * @throws SchemaUnavailableException when the record may be good, but its schema is not available
     * @throws BadInputException when the record is not an example
     */
    DecodedExample decode(byte[] key, byte[] value, Headers headers, long timestamp);

    /** How many writers' schemas so far did not fit the declared features: they lack a field, or have it with another type. */
    default int unfitSchemas() {
        return 0;
    }

    /**
     * How often each declared feature had no value so far, in their order; any thread may read it. Without declared features it has the
     * length 0.
     */
    default AtomicLongArray missing() {
        return new AtomicLongArray(0);
    }

    /**
     * Encodes an example that was decoded before. Does not change the object that {@link #decode} returned last, because the learner may
     * not have read it yet.
     *
     * @return a value that decodes to the same example
     */
    byte[] encode(RefusedBatch.Example example);
}
