package io.millrace.learner;

import io.millrace.learner.evaluation.Score;
import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/**
 * Learns from a stream, one example after the other, and reports how well it predicted each before it learned it. Examples may wait
 * in an open mini-batch before they are learned. All state is a pure function of the configuration, of the examples in their order,
 * and of which of them were held out; no clock and no other randomness takes part. For one thread.
 */
public interface Learner {
    /**
     * Takes one example in. An implementation allocates nothing per example; a report may.
     *
     * @param features one finite value for each input; copied
     * @param target as {@code Labels} encodes it; copied
     * @param weight scales the example's share of the gradient; 0 to 1,000,000
     * @param timestamp event time, ms, not negative
     * @param position place of the example in its stream; larger than that of the example before
     * @throws io.millrace.learner.input.BadInputException when the example does not fit; no weights have changed then
     */
    void learn(float[] features, float[] target, float weight, long timestamp, long position);

    /**
     * Evaluates one example that is held out, with the weights and statistics as they are now. Changes nothing else: it is not in
     * {@link #version}, closes no mini-batch and moves no stream time.
     *
     * @param features as the other arguments: see {@link #learn}
     * @throws io.millrace.learner.input.BadInputException when the example does not fit; nothing has changed then
     * @throws IllegalStateException when the configuration holds nothing out
     */
    void evaluate(float[] features, float[] target, float weight, long timestamp);

    /** @return examples learned: the version of the weights. Those in the open mini-batch do not count yet */
    long version();

    /**
     * @return the position after the last example of the last mini-batch that was closed, be it learned or refused: together with the
     *     configuration it determines the weights
     */
    long nextPosition();

    /** @return examples that wait in the open mini-batch */
    int waiting();

    /** @return event time at which the open mini-batch was opened, ms; meaningless when none waits */
    long openedAt();

    /** @return examples that were held out and evaluated */
    long heldOut();

    /** @return stream time: the highest event time of the examples taken in to be learned, as far as it is believed, ms; 0 before the first */
    long streamTime();

    /** @return how many event times were not believed since this learner was made */
    long oddTimes();

    /** @return the evaluation of all examples learned */
    Score score();

    /** @return a copy of what a prediction needs, as of now */
    Model model();

    /** @return version of the weights that are to be served, which may be older than {@link #version}. It only grows */
    long servedVersion();

    /** @return {@link #nextPosition} as it was with the weights that are to be served; -1 when it is not known */
    long servedNextPosition();

    /** @return a copy of what a prediction needs, of the weights that are to be served */
    Model servedModel();

    /** @return the evaluation of all examples that the weights to be served have learned */
    Score servedScore();

    /** Writes all that steers learning, except for the examples of the open mini-batch. */
    void save(StateWriter out);

    /**
     * Continues where the learner that wrote this state was. A learner that has refused a state is of no further use.
     *
     * @throws io.millrace.learner.state.OtherShapeException when the state belongs to a learner of another shape
     * @throws IllegalStateException when the state is damaged
     */
    void restore(StateReader in);

    /** Writes the examples of the open mini-batch. */
    void saveBatch(StateWriter out);

    /**
     * Continues with the examples that {@link #saveBatch} wrote.
     *
     * @throws IllegalStateException when the state is damaged, or holds more examples than a mini-batch takes
     */
    void restoreBatch(StateReader in);
}
