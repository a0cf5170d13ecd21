package io.millrace.cli.demo;

import io.millrace.avro.Prediction;
import io.millrace.avro.PredictionStatus;
import io.millrace.learner.evaluation.Evaluation;
import io.millrace.learner.evaluation.ExampleMetrics;
import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import io.millrace.records.FloatVector;
import java.util.Map;

/**
 * Judges the answers of serving by the labels of their rows, with the metrics of the prequential evaluation. A prequential prediction comes
 * from a model that has learned all earlier rows; an answer comes from the newest version that serving has received. For one thread.
 */
final class ServedScore {
    /** A probability of 0 would make the mean of the log-losses infinite. */
    private static final float LEAST_PROBABILITY = Float.MIN_NORMAL;

    private final AskedRows rows;
    private final Task task;
    private final double learnedShare;
    private final ExampleMetrics metrics;
    private final Evaluation evaluation;
    private final Ages ages = new Ages();
    private long tooLate;
    private long unlabelled;

    ServedScore(LearnerSpec learner, AskedRows rows) {
        this.rows = rows;
        task = learner.task();
        learnedShare = 1 - learner.validation().holdoutFraction();
        int outputs = learner.classes().isEmpty()
                ? learner.architecture().outputs()
                : learner.classes().size();
        metrics = new ExampleMetrics(task, outputs, null); // answers are in the unit of the examples
        evaluation = new Evaluation(metrics, 1);
    }

    /**
     * Judges an answer. Only the first one to a row counts: serving may answer again after a crash.
     *
     * @param row of the stream, from 0; negative for an answer to somebody else, which is not judged
     */
    void add(long row, Prediction answer) {
        AskedRows.Asked asked = row < 0 ? null : rows.take(row);
        if (asked == null || answer.getStatus() != PredictionStatus.OK) {
            return;
        }
        if (asked.target() == null) {
            unlabelled++;
        } else if (answer.getModelVersion() > asked.before()) {
            tooLate++;
        } else {
            float[] scores = FloatVector.arrayOf(answer.getScores());
            double loss = task == Task.REGRESSION ? 0 : logLoss(scores, asked.target());
            evaluation.observe(metrics.of((float) loss, scores, 0, asked.target(), 0), row);
            // held-out rows are not learned, so no version counts them
            long learnable = Math.round(learnedShare * asked.before());
            ages.add(Math.max(0, learnable - answer.getModelVersion()));
        }
    }

    private double logLoss(float[] scores, float[] target) {
        if (task == Task.CLASSIFICATION) {
            return -log(scores[(int) target[0]]);
        }
        double loss = 0;
        for (int k = 0; k < scores.length; k++) {
            loss -= log(target[k] > 0.5f ? scores[k] : 1 - scores[k]);
        }
        return loss;
    }

    private static double log(float probability) {
        return Math.log(Math.max(probability, LEAST_PROBABILITY));
    }

    /** Number of answers judged. */
    long judged() {
        return metrics.score(evaluation.total()).examples();
    }

    /** Answers that came after their own row was learned, so that they predict nothing. They are not judged. */
    long tooLate() {
        return tooLate;
    }

    /** Answers to rows without a label that can be learned. They are not judged. */
    long unlabelled() {
        return unlabelled;
    }

    /** Mean metrics by name; empty if nothing was judged. */
    Map<String, Double> metrics() {
        return judged() == 0 ? Map.of() : metrics.score(evaluation.total()).metrics();
    }

    /** How many examples, sent before the request, the answering version has not learned: the quantile of a fraction of the answers. */
    long age(double fraction) {
        return ages.quantile(fraction);
    }
}
