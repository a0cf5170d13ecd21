package io.millrace.learner.evaluation;

import io.millrace.learner.input.Decision;
import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.Task;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Computes the metrics of one prediction when its label is known, and names their means.
 *
 * <p>Classification: accuracy and logLoss, the mean of -ln p(label). Multi-label: accuracy, the fraction of correct labels, and
 * logLoss summed over the labels. Regression: mae and rmse over all targets in their unit; loss is half the squared error summed over
 * them. Allocates nothing per example.
 */
public final class ExampleMetrics {
    /** Length of the array that {@link #of} returns: the loss and two quantities that depend on the task. */
    public static final int QUANTITIES = 3;

    private static final int LOSS = 0;
    private static final int FIRST = 1;
    private static final int SECOND = 2;

    private final Task task;
    private final int outputs;
    private final TargetScaler targetScaler; // null: targets are learned as they are
    private final double[] quantities = new double[QUANTITIES];

    public ExampleMetrics(Task task, int outputs, TargetScaler targetScaler) {
        this.task = task;
        this.outputs = outputs;
        this.targetScaler = targetScaler;
    }

    /** Whether predictions can be evaluated. Where targets are scaled, a first target must have set the scale. */
    public boolean ready() {
        return targetScaler == null || targetScaler.known();
    }

    /** Whether targets are scaled. */
    boolean scalesTargets() {
        return targetScaler != null;
    }

    /**
     * Computes the metrics of one row. Requires {@link #ready}.
     *
     * @param loss result of the network's loss; a regression does not use it, because the loss may have been computed on scaled targets
     * @param scores scores of the network, starting at {@code scoreOffset}
     * @param targets targets as {@code Labels} encodes them, unscaled, starting at {@code targetOffset}
     * @return {@value #QUANTITIES} quantities for {@link RunningMeans}; overwritten by the next call
     */
    public double[] of(float loss, float[] scores, int scoreOffset, float[] targets, int targetOffset) {
        switch (task) {
            case CLASSIFICATION -> {
                int predicted = Decision.predictedClass(scores, scoreOffset, outputs);
                keep(loss, predicted == (int) targets[targetOffset] ? 1 : 0, loss);
            }
            case MULTILABEL -> keep(loss, shareOfRightLabels(scores, scoreOffset, targets, targetOffset), loss);
            case REGRESSION -> ofTargets(scores, scoreOffset, targets, targetOffset);
        }
        return quantities;
    }

    private double shareOfRightLabels(float[] scores, int scoreOffset, float[] targets, int targetOffset) {
        int right = 0;
        for (int k = 0; k < outputs; k++) {
            right += scores[scoreOffset + k] > 0.5f == targets[targetOffset + k] > 0.5f ? 1 : 0;
        }
        return (double) right / outputs;
    }

    private void ofTargets(float[] scores, int scoreOffset, float[] targets, int targetOffset) {
        double absolute = 0;
        double squared = 0;
        for (int k = 0; k < outputs; k++) {
            double error = inUnit(scores[scoreOffset + k], k) - targets[targetOffset + k];
            absolute += Math.abs(error);
            squared += error * error;
        }
        keep(squared / 2, absolute / outputs, squared / outputs);
    }

    /** The score of a regression in the unit of its target. */
    double inUnit(float score, int target) {
        return targetScaler == null ? score : targetScaler.unscale(score, target);
    }

    private void keep(double loss, double first, double second) {
        quantities[LOSS] = loss;
        quantities[FIRST] = first;
        quantities[SECOND] = second;
    }

    /** Mean loss. */
    double loss(RunningMeans means) {
        return means.mean(LOSS);
    }

    /** Mean metrics, by name. */
    Map<String, Double> metrics(RunningMeans means) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        if (task == Task.REGRESSION) {
            metrics.put("mae", means.mean(FIRST));
            metrics.put("rmse", Math.sqrt(means.mean(SECOND)));
        } else {
            metrics.put("accuracy", means.mean(FIRST));
            metrics.put("logLoss", means.mean(SECOND));
        }
        return metrics;
    }

    /** All means. */
    public Score score(RunningMeans means) {
        return new Score(means.count(), loss(means), metrics(means));
    }
}
