package io.millrace.learner.evaluation;

import java.util.Map;

/**
 * The evaluation of a whole stream.
 *
 * @param examples examples evaluated
 * @param loss mean loss
 * @param metrics mean metrics, as in {@link Report}
 */
public record Score(long examples, double loss, Map<String, Double> metrics) {}
