package io.millrace.topology.training;

import io.millrace.input.DecodedExample;
import io.millrace.input.ExampleCodec;
import io.millrace.input.SchemaUnavailableException;
import io.millrace.learner.Learner;
import io.millrace.learner.evaluation.HoldoutSampler;
import io.millrace.learner.input.BadInputException;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.topology.history.InputPosition;
import org.apache.kafka.common.header.Headers;

/**
 * The way from a record of a partition of the examples topic into a learner: decodes it, and has it learned, or evaluated if it is
 * held out. Training and {@code Replay} take the same one.
 */
public final class ExampleFeed {
    private final Learner learner;
    private final ExampleCodec codec;
    private final HoldoutSampler holdout; // null: nothing is held out
    private long eventTime;

    /**
     * @param codec of the examples
     * @param partition chooses what is held out
     */
    public ExampleFeed(Learner learner, LearnerSpec spec, ExampleCodec codec, int partition) {
        this.learner = learner;
        this.codec = codec;
        holdout = spec.validation().holdsOut()
                ? new HoldoutSampler(spec.validation().holdoutFraction(), spec.seed(), partition)
                : null;
    }

    /**
     * Takes a record in.
     *
     * @param key null when the record has none
     * @param value null when the record has none
     * @param timestamp of the record, ms
     * @param position of the record, an {@link InputPosition}
     * @return whether the example is held out
     * @throws SchemaUnavailableException when the record may be good, but what describes it is not available
     * @throws BadInputException when the record is no example for this learner
     */
    public boolean feed(byte[] key, byte[] value, Headers headers, long timestamp, long position) {
        DecodedExample example = codec.decode(key, value, headers, timestamp);
        boolean heldOut = holdout != null && holdout.holds(InputPosition.offset(position));
        if (heldOut) {
            learner.evaluate(example.features(), example.target(), example.weight(), example.eventTime());
        } else {
            learner.learn(example.features(), example.target(), example.weight(), example.eventTime(), position);
        }
        eventTime = example.eventTime();
        return heldOut;
    }

    /** Event time of the last example that was taken in, ms. */
    long eventTime() {
        return eventTime;
    }
}
