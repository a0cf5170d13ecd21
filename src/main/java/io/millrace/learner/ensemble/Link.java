package io.millrace.learner.ensemble;

import io.millrace.learner.spec.Task;

/**
 * How a mixture combines the outputs of experts: each expert gives terms, the mixture adds them with its weights, and the link makes the answer of the
 * sum. The loss of the answer is convex in the weights. For one thread.
 */
interface Link {
    /** Beyond it an expert's term is cut off. */
    double LIMIT = 12;

    /**
     * Turns the logits of an expert into its terms.
     *
     * @param logits [outputs] from {@code from}
     * @param terms receives the terms from {@code to}
     */
    void terms(float[] logits, int from, double[] terms, int to);

    /**
     * Makes the link for a task.
     *
     * @param outputs number of classes, labels or targets
     */
    static Link of(Task task, int outputs) {
        return switch (task) {
            case CLASSIFICATION -> new SoftmaxLink(outputs);
            case MULTILABEL -> new SigmoidLink(outputs);
            case REGRESSION -> new IdentityLink(outputs);
        };
    }

    /**
     * Turns the sum of terms into the answer, in place.
     *
     * @param sums [outputs]
     */
    void answer(double[] sums);

    /**
     * The derivative of the loss by the sums of terms.
     *
     * @param answer [outputs]
     * @param target as {@code Labels} encodes it, or scaled
     * @param errors [outputs], overwritten
     */
    void errors(double[] answer, float[] target, double[] errors);

    /**
     * The loss of the answer that {@link #answer} makes of these sums of terms.
     *
     * @param sums [outputs] from {@code from}
     * @param target as {@link #errors} has it
     */
    double loss(double[] sums, int from, float[] target);

    /** The loss of an expert alone, from its terms. */
    default double expertLoss(double[] terms, int from, float[] target) {
        return loss(terms, from, target);
    }

    /** The second derivative by one sum, with the others as they are; where {@link #centred}, that of the sum of centred terms. */
    double curvature(double answer);

    /** Whether only differences between the terms of an expert count, so that their mean under the answer is taken off. */
    boolean centred();
}
