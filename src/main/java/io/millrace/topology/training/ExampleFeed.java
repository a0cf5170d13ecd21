package io.millrace.topology.training;

import io.millrace.input.DecodedExample;
import io.millrace.input.ExampleCodec;
import io.millrace.input.SchemaUnavailableException;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.topology.history.InputPosition;
import io.millrace.topology.record.Source;
import org.apache.kafka.common.header.Headers;

/**
 * Feeds the records of one partition of the examples topic into a learner: decodes each record, and passes it to the learner to be learned,
 * or to be evaluated if it is held out. Training and {@code Replay} use the same class.
 */
public final class ExampleFeed {
    /** What became of a record. */
    public enum Fed {
        LEARNED,
        HELD_OUT,
        /** It is no example, and not bad either: it has no value or no label. */
        SKIPPED
    }

    private final Learner learner;
    private final ExampleCodec codec;
    private final HoldoutSampler holdout; // null when nothing is held out
    private long eventTime;

    /**
     * @param codec of the examples
     * @param partition partition of the records; it determines which examples are held out
     */
    public ExampleFeed(Learner learner, LearnerSpec spec, ExampleCodec codec, int partition) {
        this.learner = learner;
        this.codec = codec;
        holdout = spec.validation().holdsOut()
                ? new HoldoutSampler(spec.validation().holdoutFraction(), spec.seed(), partition)
                : null;
    }

    /**
     * Decodes a record, and feeds it.
     *
     * @param key null when the record has none
     * @param value null when the record has none
     * @param timestamp of the record, ms
     * @param position position of the record, an {@link InputPosition}
     * @return what became of the record
     * @throws SchemaUnavailableException when the record may be good, but its schema is not available
     * @throws BadInputException when the record is not an example for this learner
     */
    public Fed feed(byte[] key, byte[] value, Headers headers, long timestamp, long position) {
        return feed(decode(codec, key, value, headers, timestamp), position);
    }

    /**
     * Decodes a record.
     *
     * @return as {@link ExampleCodec#decode}; this and what it throws: see there
     */
    static DecodedExample decode(ExampleCodec codec, byte[] key, byte[] value, Headers headers, long timestamp) {
        Source.requireWhole(headers);
        return codec.decode(key, value, headers, timestamp);
    }

    /**
     * Feeds a decoded record.
     *
     * @param example null when the record is none and is not to be learned
     * @throws BadInputException when it is not an example for this learner
     */
    Fed feed(DecodedExample example, long position) {
        if (example == null) {
            return Fed.SKIPPED;
        }
        boolean heldOut = holdout != null && holdout.holds(InputPosition.offset(position));
        if (heldOut) {
            learner.evaluate(example.row(), example.target(), example.weight(), example.eventTime());
        } else {
            learner.learn(example.row(), example.target(), example.weight(), example.eventTime(), position);
        }
        eventTime = example.eventTime();
        return heldOut ? Fed.HELD_OUT : Fed.LEARNED;
    }

    /** Event time of the last example that was fed, ms. */
    long eventTime() {
        return eventTime;
    }
}
