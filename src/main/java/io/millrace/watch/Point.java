package io.millrace.watch;

import io.millrace.avro.ExpertReport;
import io.millrace.avro.ValidationLoss;
import java.util.Map;

/**
 * A report of a replica, as {@code ValidationLoss} has it.
 *
 * @param examples learned so far
 * @param time at which the report was written, ms
 * @param evaluated examples of this report
 * @param loss mean over them, NaN without examples
 * @param fadedLoss mean over the stream with fading weights
 * @param metrics means over the examples of this report
 * @param fadedMetrics the same with fading weights
 * @param gradientNorm of the last step, NaN for an ensemble
 * @param learningRate of the last step, NaN for an ensemble
 * @param memberLosses loss of each member of an ensemble; empty for a network
 * @param memberWeights weight of each member
 */
record Point(
        long examples,
        long time,
        long evaluated,
        double loss,
        double fadedLoss,
        Map<String, Double> metrics,
        Map<String, Double> fadedMetrics,
        double gradientNorm,
        double learningRate,
        double[] memberLosses,
        double[] memberWeights) {

    static Point of(ValidationLoss report, long time) {
        return new Point(
                report.getExamples(),
                time,
                report.getReportExamples(),
                report.getLoss(),
                report.getFadedLoss(),
                report.getMetrics(),
                report.getFadedMetrics(),
                report.getGradientNorm(),
                report.getLearningRate(),
                report.getExperts().stream().mapToDouble(ExpertReport::getLoss).toArray(),
                report.getExperts().stream()
                        .mapToDouble(ExpertReport::getWeight)
                        .toArray());
    }
}
