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
 * @param outcomes what was true and what was predicted
 * @param fields what entered the model, the most important first; all of them, or the first {@value FieldSummary#MOST_FIELDS}
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
        List<Expert> experts,
        Outcomes outcomes,
        List<Field> fields) {

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

    /**
     * What was true and what was predicted in the examples of a report. What does not belong to the task is empty.
     *
     * @param classes names of the classes or labels that are counted
     * @param confusion of a classification: number of examples of each true class by their predicted class, [true x predicted]
     * @param labels of a multi-label task: counts for each label
     * @param pairs of a regression: a sample of the examples, in their order
     */
    public record Outcomes(List<String> classes, List<Integer> confusion, List<Label> labels, List<Pair> pairs) {}

    /**
     * Counts of examples for a label.
     *
     * @param hits true and predicted
     * @param falseAlarms predicted, but not true
     * @param misses true, but not predicted
     * @param rejections neither
     */
    public record Label(int hits, int falseAlarms, int misses, int rejections) {}

    /**
     * An example of a regression.
     *
     * @param truth its targets
     * @param predicted their predictions
     */
    public record Pair(List<Double> truth, List<Double> predicted) {}

    /**
     * A declared field, or a feature of {@code Example}s. Numbers that are not known are NaN.
     *
     * @param name its name
     * @param missing share of the examples since the last report that had no value
     * @param number name of the number that the means speak of; of a field with several, the one that has moved most. Empty for a table of
     *     learned vectors
     * @param mean its mean over the examples since the last report that had a value
     * @param learnedMean its mean as the model has learned it, by which it is standardised
     * @param learnedDeviation its standard deviation as the model has learned it
     * @param importance mean of |gradient x input| over recent examples; see {@link FieldSummary}
     */
    public record Field(
            String name,
            double missing,
            String number,
            double mean,
            double learnedMean,
            double learnedDeviation,
            double importance) {}
}
