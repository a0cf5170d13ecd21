package io.millrace.learner;

import java.util.Map;

/**
 * How well a learner predicted the examples since its last report, each before it was learned.
 *
 * @param step optimizer steps taken
 * @param examples examples learned
 * @param reportExamples examples of this report
 * @param loss mean loss over them
 * @param metrics mean metrics over them: accuracy and logLoss, or mae and rmse
 * @param fadedLoss loss averaged over the stream, the past fading
 * @param fadedMetrics metrics averaged in the same way
 * @param learningRate learning rate of the last step
 * @param gradientNorm L2 norm of the gradient of the last step
 * @param firstTimestamp lowest event time of the report's examples, ms
 * @param lastTimestamp highest event time of the report's examples, ms
 */
public record Report(
        long step,
        long examples,
        long reportExamples,
        double loss,
        Map<String, Double> metrics,
        double fadedLoss,
        Map<String, Double> fadedMetrics,
        double learningRate,
        double gradientNorm,
        long firstTimestamp,
        long lastTimestamp) {}
