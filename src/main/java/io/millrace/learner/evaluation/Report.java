package io.millrace.learner.evaluation;

import io.millrace.nn.network.Curvature;
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
 * @param curvature of the objective along that gradient, on the mini-batch of the last step and before it; null in most reports
 * @param firstTimestamp lowest event time of the report's examples, ms
 * @param lastTimestamp highest event time of the report's examples, ms
 * @param heldOut how well the examples were predicted that came since the last report and were held out; null if none were
 * @param best the weights that early stopping serves after this report; null without early stopping, and before any weights had a finite loss
 * @param refused what {@code Guard} refused since the last report
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
        Curvature curvature,
        long firstTimestamp,
        long lastTimestamp,
        Score heldOut,
        Best best,
        Refused refused) {

    /**
     * The best weights so far, as {@code EarlyStopping} has it.
     *
     * @param version examples that these weights have learned
     * @param loss validation loss of the report that they were kept at
     * @param reportsWithoutGain reports since then
     * @param patienceEnded whether this report ended the patience, so that the current weights took the place of better ones
     */
    public record Best(long version, double loss, int reportsWithoutGain, boolean patienceEnded) {}

    /**
     * Examples that were not learned, because their mini-batch would have done harm.
     *
     * @param examples their number
     * @param returnedTo version of the last good weights, if this report says that the learner has returned to them; else null
     */
    public record Refused(long examples, Long returnedTo) {}
}
