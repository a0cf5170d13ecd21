package io.millrace.learner.evaluation;

import io.millrace.learner.spec.LearnerSpec;
import io.millrace.learner.spec.Task;
import java.util.Arrays;

/**
 * The score whose gradient by the inputs explains a prediction, as a weighted sum of the logits. Of a classification it is the logit of the predicted
 * class less the mean of all logits: not its probability, whose gradient vanishes where the model is sure, and not the loss, whose gradient vanishes
 * where it is right. Several labels or targets are explained one by one: each explained example explains the next of them.
 */
public final class ExplainedScore {
    private final Task task;
    private final float[] weights; // [outputs]

    /** @param outputs number of logits */
    public ExplainedScore(LearnerSpec spec, int outputs) {
        task = spec.task();
        weights = new float[outputs];
    }

    /**
     * Chooses the score of an example.
     *
     * @param predicted the predicted class; any number in other tasks
     * @param explained number of examples explained before
     * @return the weights of the logits, live
     */
    public float[] weights(int predicted, long explained) {
        boolean classes = task == Task.CLASSIFICATION;
        int outputs = weights.length;
        if (classes && outputs == 1) {
            weights[0] = predicted - 0.5f; // as if the first class had the logit 0
            return weights;
        }
        Arrays.fill(weights, classes ? -1f / outputs : 0f);
        weights[classes ? predicted : (int) (explained % outputs)] += 1;
        return weights;
    }
}
