package io.millrace.input;

import io.millrace.learner.input.BadInputException;
import io.millrace.learner.input.RefusedBatch;
import org.apache.kafka.common.header.Headers;

/** Turns records into examples, and an example that was refused later back into the value of its dead letter. For one thread. */
public interface ExampleCodec {
    /**
     * Decodes a record. Need not check the numbers: the learner does.
     *
     * @param key null when the record has none
     * @param value null when the record has none
     * @param timestamp of the record, ms
     * @return the example; the codec fills the same object again with the next record
     * @throws SchemaUnavailableException when the record may be good, but what describes it is not available
     * @throws BadInputException when the record is no example
     */
    DecodedExample decode(byte[] key, byte[] value, Headers headers, long timestamp);

    /**
     * Encodes an example that was decoded before. Leaves the one that was decoded last as it is: the learner may not have taken it yet.
     *
     * @return a value that decodes to the same example
     */
    byte[] encode(RefusedBatch.Example example);
}
