package io.millrace.learner.ensemble;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/** A network of the ensemble, with all that its training needs. It is one expert of the mixture, or two. */
interface Member {
    /** Number of experts that it is. */
    int experts();

    /**
     * Predicts the newest example.
     *
     * @param n number of examples learned so far
     * @param logits receives those of its experts one after the other, from {@code from}
     */
    void predict(Views views, long n, float[] logits, int from);

    /**
     * Learns the newest example after {@link #predict}.
     *
     * @param ring the examples before it
     * @param n number of examples before it
     */
    void learn(Views views, ExampleRing ring, float[] target, float weight, long n);

    void save(StateWriter out);

    void restore(StateReader in);
}
