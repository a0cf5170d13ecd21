package io.millrace.topology.record;

import io.millrace.learner.input.BadInputCause;
import io.millrace.learner.input.BadInputException;
import io.millrace.topology.cluster.OutputTopic;
import io.millrace.topology.record.DeadLetter.Place;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards the bad records of a processor as {@link DeadLetter}s, counts them as {@code bad-input} and by cause, and logs some of them.
 */
public final class DeadLetters<K> {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final Consumer<FixedKeyRecord<K, DeadLetter>> receiver;
    private final Function<K, byte[]> keyBytes;
    private final OutputTopic topic;
    private final FaultCounter faults;
    private final TaskMetrics metrics;
    private final Map<BadInputCause, Tally> byCause = new EnumMap<>(BadInputCause.class);

    /**
     * @param keyBytes gives the key bytes of a record; null when it has none
     * @param topic the topic that the letters are written to
     * @param receiver forwards the letters, with the time at which they are written
     */
    public DeadLetters(
            FixedKeyProcessorContext<K, ?> context,
            Function<K, byte[]> keyBytes,
            OutputTopic topic,
            Consumer<FixedKeyRecord<K, DeadLetter>> receiver) {
        this.receiver = receiver;
        this.keyBytes = keyBytes;
        this.topic = topic;
        faults = new FaultCounter(context, "bad-input");
        metrics = TaskMetrics.of(context, "dead-letters");
        for (BadInputCause each : BadInputCause.values()) {
            byCause.put(each, metrics.tally(Measure.BAD_INPUT, each.code()));
        }
    }

    /**
     * Forwards a letter for a record. If it is a copy, the letter names its source.
     *
     * @param read where the record was read
     */
    public void forward(FixedKeyRecord<K, byte[]> record, Place read, BadInputException why) {
        Source source = Source.of(record.headers());
        Place place = source == null ? read : source.place();
        forward(
                record,
                DeadLetter.of(
                        keyBytes.apply(record.key()),
                        record.value(),
                        Source.without(record.headers()),
                        why.getMessage(),
                        place,
                        record.timestamp(),
                        topic));
        count(place, why.code(), why.getMessage());
    }

    /**
     * Forwards a letter for an earlier record of the same partition, whose mini-batch was refused. Its key and headers were not kept; they
     * can be read at its offset.
     *
     * @param record the record that is being processed
     * @param value value of the earlier record
     * @param place where the earlier record was read
     */
    public void forward(FixedKeyRecord<K, byte[]> record, byte[] value, String cause, Place place, long timestamp) {
        forward(record, DeadLetter.of(null, value, new RecordHeaders(), cause, place, timestamp, topic));
        count(place, BadInputCause.REFUSED_BATCH, cause);
    }

    private void forward(FixedKeyRecord<K, byte[]> record, DeadLetter letter) {
        receiver.accept(record.withValue(letter).withHeaders(letter.headers()));
    }

    private void count(Place place, BadInputCause code, String cause) {
        byCause.get(code).add(1);
        if (faults.countTo(faults.count() + 1)) {
            LOG.warn(
                    "Bad record {}: {} ({} so far)",
                    place,
                    DeadLetter.abbreviated(cause, DeadLetter.MAX_CAUSE_CHARS),
                    faults.count());
        }
    }

    public void close() {
        faults.close();
        metrics.close();
    }
}
