package io.millrace.topology.training;

import io.millrace.input.DecodedExample;
import io.millrace.learner.input.BadInputException;
import io.millrace.topology.record.RecordKey;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * A record after it was read and before it is learned: an example, or a record that is none, or a bad one. Mutable; whoever fills it reuses it
 * for each record.
 */
final class Arrival {
    FixedKeyRecord<RecordKey, byte[]> record;
    long position; // an InputPosition
    DecodedExample example; // null: the record is skipped or bad
    BadInputException fault; // why the record is bad; else null
    long missingInSource; // offsets of the record's source right before it that were deleted before they were copied
}
