package io.millrace.learner.evaluation;

import io.millrace.nn.network.Curvature;
import java.util.List;
import java.util.Map;

/**
 * A report on how well a learner predicted the examples since its last report. Each example was predicted before it was learned.
 *
 * @param step optimizer steps taken
 * @param examples examples learned
 * @param reportExamples examples of this report
 * @param loss mean loss over them
 * @param metrics mean metrics over them: accuracy and logLoss, or mae and rmse
 * @param fadedLoss loss averaged over the stream with fading weights
 * @param fadedMetrics metrics averaged in the same way
 * @param learningRate learning rate of the last step
 * @param gradientNorm L2 norm of the gradient of the last step
 * @param curvature curvature of the objective along that gradient, on the mini-batch of the last step, measured before the step; null in
 *     most reports
 * @param firstTimestamp lowest event time of the report's examples, ms
 * @param lastTimestamp highest event time of the report's examples, ms
 * @param heldOut evaluation of the examples that were held out since the last report; null if there were none
 * @param best the weights that early stopping serves after this report; null without early stopping, and before any weights had a finite loss
 * @param refused the examples that {@code Guard} refused since the last report
 * @param experts the experts that a mixture combines; empty for one network
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
        Refused refused,
        List<Expert> experts) {

    /**
     * The best weights so far, by the rules of {@code EarlyStopping}.
     *
     * @param version number of examples that these weights have learned
     * @param loss validation loss of the report at which they were kept
     * @param reportsWithoutGain number of reports since then
     * @param patienceEnded whether the patience ended with this report, so that the current weights replaced better ones
     */
    public record Best(long version, double loss, int reportsWithoutGain, boolean patienceEnded) {}

    /**
     * Examples that were not learned, because learning their mini-batch would have damaged the weights. An ensemble counts the steps of its members that
     * were refused; the other members have learned those examples.
     *
     * @param examples their number
     * @param returnedTo version of the last good weights, if this report says that the learner has returned to them; else null
     */
    public record Refused(long examples, Long returnedTo) {}

    /**
     * An expert of a mixture.
     *
     * @param name its name
     * @param loss its own mean loss over the examples of the report, of a regression in units of the targets' deviations; NaN if there were
     *     none
     * @param weight its weight after the report's last example
     */
    public record Expert(String name, double loss, double weight) {}
}
