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

    /**
     * Makes a server with this version. It answers as {@link #predict} does, unless the kind of model learns from requests.
     *
     * @param former server of an earlier version of the same learner, of which the new one takes over what it remembers; it must not be used any
     *     more. Null: there is none
     * @param brought number of examples that this version has learned since the one that was published before it; -1: not known
     */
    default Server server(Server former, long brought) {
        return stateless();
    }

    /** Makes a server for one thread that answers as {@link #predict} does. */
    default Server stateless() {
        Predictor own = forAnotherThread();
        return (row, time, scores) -> own.predict(row, scores);
    }
}
