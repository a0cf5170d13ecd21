package io.millrace.learner;

import io.millrace.feature.InputRow;

/**
 * Predicts with one version of a model. Predictions only read and change nothing. A predictor is for one thread at a time; predictors
 * from {@link #forAnotherThread} share the parameters. Allocates nothing after construction.
 */
public interface Predictor {
    /** @return the model of the predictions */
    Model model();

    /** @return a predictor for another thread, which shares the parameters with this one */
    Predictor forAnotherThread();

    /**
     * Predicts.
     *
     * @param row the features; not modified
     * @param scores receives a probability for each class or label, or the targets in their unit; [{@link Model#scores}]
     * @throws io.millrace.learner.input.BadInputException when the features do not fit, or are so large that the scores are not finite
     */
    void predict(InputRow row, float[] scores);
}
