package io.millrace.learner.ensemble;

/** A network of the ensemble, as far as predictions need it. It is one expert of the mixture, or two. For one thread. */
interface Forecaster {
    /** Number of experts that it is. */
    int experts();

    /**
     * Predicts an example.
     *
     * @param logits receives those of its experts one after the other, from {@code from}
     */
    void predict(Views views, float[] logits, int from);
}
