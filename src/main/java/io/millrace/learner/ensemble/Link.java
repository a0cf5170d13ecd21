package io.millrace.learner.ensemble;

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

    /** The second derivative by one sum, with the others as they are; where {@link #centred}, that of the sum of centred terms. */
    double curvature(double answer);

    /** Whether only differences between the terms of an expert count, so that their mean under the answer is taken off. */
    boolean centred();
}
