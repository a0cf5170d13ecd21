package io.millrace.input.declared;

import org.apache.kafka.common.header.Headers;

/** Decodes the value of a record into the slots of the declared fields. For one thread. */
interface RecordValues {
    /**
     * Decodes a value. The slots refer to its bytes until the next one.
     *
     * @param headers of the record
     * @throws io.millrace.learner.input.BadInputException if it is not of this format
     */
    void decode(byte[] value, Headers headers);
}
