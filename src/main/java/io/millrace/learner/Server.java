package io.millrace.learner;

import io.millrace.feature.InputRow;

/**
 * Answers the requests of one task with one version of a model. Other than a {@link Predictor}, whose answers depend on the version and the
 * request alone, it may remember requests: they tell what has happened since the version's newest example. For one thread. Allocates nothing
 * per request.
 */
@FunctionalInterface
public interface Server {
    /**
     * Answers the next request. A request that is refused leaves no trace.
     *
     * @param row the features; not modified
     * @param time event time of the request, ms, by the same clock as that of the examples
     * @param scores see {@link Predictor#predict}
     * @throws io.millrace.learner.input.BadInputException when the features do not fit, or are so large that the scores are not finite
     */
    void answer(InputRow row, long time, float[] scores);
}
