package io.millrace.learner.input;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/** Turns the features of a mini-batch into inputs of the network, with running statistics where features are standardised. */
interface FeatureScaling {
    /** Adds the rows to the statistics, one after the other, and scales each by the statistics of all rows up to and including it. */
    void scale(MiniBatch batch);

    /** Reverses the last {@link #scale}. */
    void undo(MiniBatch batch);

    /** @return running means, live; empty where features enter as they are */
    double[] means();

    /** @return running population variances, live; empty where features enter as they are */
    double[] variances();

    void save(StateWriter out);

    /** Writes what is known of the steps of a sequence beyond {@link #save}. */
    default void saveSteps(StateWriter out) {}

    /** Reads what {@link #saveSteps} wrote. */
    default void restoreSteps(StateReader in) {}

    /** @param inputs number of inputs that were saved; those behind them stay as they are */
    void restore(StateReader in, int inputs);
}
