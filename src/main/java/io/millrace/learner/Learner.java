package io.millrace.learner;

import io.millrace.feature.InputRow;
import io.millrace.learner.evaluation.Score;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Learns from a stream, one example after the other, and reports how well it predicted the examples before it learned them. Examples may
 * wait in an open mini-batch before they are learned. All state is a pure function of the configuration, of the order of the examples, and
 * of the choice of those that were held out. It uses no clock and no other randomness. For one thread.
 */
public interface Learner {
    /**
     * Learns one example. An implementation allocates nothing per example; a report may allocate.
     *
     * @param row the features; copied
     * @param target as {@code Labels} encodes it; copied
     * @param weight scales the example's part of the gradient; 0 to 1,000,000
     * @param timestamp event time, ms, not negative
     * @param position place of the example in its stream; larger than that of the example before
     * @throws io.millrace.learner.input.BadInputException when the example does not fit; no weights have changed then
     */
    void learn(InputRow row, float[] target, float weight, long timestamp, long position);

    /**
     * Evaluates one held-out example with the current weights and statistics. Changes nothing else: {@link #version}, the open mini-batch
     * and stream time stay the same.
     *
     * @param row this and the other arguments: see {@link #learn}
     * @throws io.millrace.learner.input.BadInputException when the example does not fit; nothing has changed then
     * @throws IllegalStateException when the configuration holds nothing out
     */
    void evaluate(InputRow row, float[] target, float weight, long timestamp);

    /** @return number of learned examples, which is the version of the weights. Examples in the open mini-batch do not count yet */
    long version();

    /**
     * @return the position after the last example of the last closed mini-batch, learned or refused. Together with the configuration it
     *     determines the weights
     */
    long nextPosition();

    /** @return number of examples that wait in the open mini-batch */
    int waiting();

    /** @return event time at which the open mini-batch was opened, ms; meaningless when no example waits */
    long openedAt();

    /** @return number of examples that were held out and evaluated */
    long heldOut();

    /** @return stream time, ms: the highest confirmed event time of the examples to learn; 0 before the first example */
    long streamTime();

    /** @return number of event times that stream time rejected since this learner was made */
    long oddTimes();

    /** @return the evaluation of all learned examples */
    Score score();

    /** @return a copy of the current model, for predictions */
    Model model();

    /** @return version of the weights to serve, which may be older than {@link #version}. It never decreases */
    long servedVersion();

    /** @return {@link #nextPosition} at the version of the weights to serve; -1 when it is not known */
    long servedNextPosition();

    /** @return a copy of the model with the weights to serve, for predictions */
    Model servedModel();

    /** @return the evaluation of all examples that the weights to serve have learned */
    Score servedScore();

    /** Writes the complete state, except for the examples of the open mini-batch. */
    void save(StateWriter out);

    /**
     * Restores a saved state, so that learning continues where it was. A learner whose restore failed must not be used any more.
     *
     * @throws io.millrace.learner.state.OtherShapeException when the state belongs to a learner of another shape
     * @throws IllegalStateException when the state is damaged
     */
    void restore(StateReader in);

    /** Writes the examples of the open mini-batch. */
    void saveBatch(StateWriter out);

    /**
     * Restores the examples that {@link #saveBatch} wrote.
     *
     * @throws IllegalStateException when the state is damaged, or holds more examples than fit into a mini-batch
     */
    void restoreBatch(StateReader in);
}
