package io.millrace.topology.training;

import io.millrace.input.DecodedExample;
import io.millrace.input.ExampleCodec;
import io.millrace.learner.input.BadInputException;
import io.millrace.topology.record.FaultCounter;
import io.millrace.topology.record.RecordKey;
import io.millrace.topology.record.Source;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Reads records in the stream thread: decodes each into an {@link Arrival}, which is learned at once or in another thread. */
final class RecordReading {
    private final ExampleCodec codec;
    private final boolean copies; // the records are copies in the learning log
    private final Sensor missing;
    private final FaultCounter unfitSchemas; // of writers, which lack declared features
    private final Arrival arrival = new Arrival();

    /** @param missing receives the number of offsets that were deleted before they were read */
    RecordReading(ExampleCodec codec, boolean copies, Sensor missing, FixedKeyProcessorContext<?, ?> context) {
        this.codec = codec;
        this.copies = copies;
        this.missing = missing;
        unfitSchemas = new FaultCounter(context, FaultCounter.UNFIT_SCHEMAS);
    }

    /**
     * Reads a record, whether it is an example or not.
     *
     * @param position of the record, an {@code InputPosition}
     * @return the same object for all records
     */
    Arrival read(FixedKeyRecord<RecordKey, byte[]> record, long position) {
        arrival.record = record;
        arrival.position = position;
        arrival.missingInSource = copies ? Source.missing(record.headers()) : 0;
        if (arrival.missingInSource > 0) {
            missing.record(arrival.missingInSource);
        }
        arrival.fault = null;
        try {
            arrival.example = decode(record);
        } catch (BadInputException e) {
            arrival.example = null;
            arrival.fault = e;
        }
        unfitSchemas.countTo(codec.unfitSchemas());
        return arrival;
    }

    private DecodedExample decode(FixedKeyRecord<RecordKey, byte[]> record) {
        return ExampleFeed.decode(codec, record.key().bytes(), record.value(), record.headers(), record.timestamp());
    }

    void close() {
        unfitSchemas.close();
    }
}
