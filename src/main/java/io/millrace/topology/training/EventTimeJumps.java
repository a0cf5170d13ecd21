package io.millrace.topology.training;

import io.millrace.topology.record.DeadLetter.Place;
import io.millrace.topology.record.FaultCounter;
import java.time.Instant;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts event times that jump further than a learner's stream time may advance, as {@code odd-event-time}, and logs some of them. */
final class EventTimeJumps {
    private static final Logger LOG = LoggerFactory.getLogger(EventTimeJumps.class);

    private final FaultCounter faults;
    private long previous; // event time of the previous example, ms

    EventTimeJumps(FixedKeyProcessorContext<?, ?> context) {
        faults = new FaultCounter(context, "odd-event-time");
    }

    /**
     * Call this for each example that the learner accepted.
     *
     * @param eventTime of the example, ms
     * @param jumps number of jumps that the learner has counted so far
     * @param streamTime current stream time, ms
     * @param place where the example was read
     */
    void observe(long eventTime, long jumps, long streamTime, Supplier<Place> place) {
        if (faults.countTo(jumps)) {
            LOG.warn(
                    "Event times jump too far, up to {}: {} after {}. Stream time is now {}"
                            + " (batch.window.max.advance; {} so far)",
                    place.get(),
                    Instant.ofEpochMilli(eventTime),
                    Instant.ofEpochMilli(previous),
                    Instant.ofEpochMilli(streamTime),
                    jumps);
        }
        previous = eventTime;
    }

    void close() {
        faults.close();
    }
}
