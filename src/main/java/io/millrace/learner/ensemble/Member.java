package io.millrace.learner.ensemble;

import io.millrace.learner.state.StateReader;
import io.millrace.learner.state.StateWriter;

/** A network of the ensemble, with all that its training needs. */
interface Member extends Forecaster {
    /**
     * Learns an example right after {@link #predict}.
     *
     * @param views as they were predicted
     * @param ring the examples before it
     * @param n number of examples before it
     */
    void learn(Views views, ExampleRing ring, float[] target, float weight, long n);

    /** The trainer of its network, which refuses steps that would damage it. */
    GuardedTrainer trainer();

    /** The parameters of one of its experts, padded, live. */
    float[] parameters(int expert);

    /** Floats of {@link #parameters(float[], int)}. */
    int parameterCount();

    /** Copies the parameters that predictions need, in canonical order from {@code to}: the newest, then those that it averages. */
    void parameters(float[] canonical, int to);

    /** Writes the complete state, except for the good weights of the {@link #trainer}. */
    void save(StateWriter out);

    void restore(StateReader in, SavedMember saved);
}
