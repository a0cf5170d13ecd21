package io.millrace.nn.loss;

import io.millrace.nn.kernels.Kernels;
import java.util.Map;

/**
 * The function that training minimises, together with the link that turns logits into scores. All methods work on one row,
 * allocate nothing and stay finite for logits in the hundreds. Implementations are immutable values.
 *
 * <p>Every loss here is paired with its canonical link, so that its gradient with respect to the logits needs only the scores and the
 * targets.
 */
public interface Loss {
    // No default methods here: with them, the initialisation of this interface and of its constants' classes could
    // deadlock.

    /** Classes that exclude each other. */
    Loss SOFTMAX_CROSS_ENTROPY = new SoftmaxCrossEntropy();

    /** Labels that do not exclude each other, or two classes on one output. */
    Loss SIGMOID_CROSS_ENTROPY = new SigmoidCrossEntropy();

    /** Real targets. */
    Loss HALF_MEAN_SQUARED_ERROR = new HalfMeanSquaredError();

    /** The lower-case name that {@link #of} knows. */
    String name();

    /** Number of floats in the target of one row, for a network with this number of outputs. */
    int targetWidth(int outputs);

    /**
     * Applies the link to one row.
     *
     * @param logits {@code [outputs]} from {@code logitsOffset}
     * @param scores {@code [outputs]} from {@code scoresOffset}, overwritten; may be the logits themselves
     */
    void scores(float[] logits, int logitsOffset, int outputs, float[] scores, int scoresOffset);

    /**
     * Applies the link to one row and returns its loss, from one pass over the logits.
     *
     * @param targets {@code [targetWidth(outputs)]} from {@code targetsOffset}
     * @param scores as in {@link #scores}, but not the logits themselves
     * @throws IllegalArgumentException if the target does not fit this loss
     */
    float evaluate(
            float[] logits,
            int logitsOffset,
            int outputs,
            float[] targets,
            int targetsOffset,
            float[] scores,
            int scoresOffset);

    /**
     * {@link #evaluate(float[], int, int, float[], int, float[], int)} of several rows, with the same bits.
     *
     * @param logits rows of {@code outputs} floats, {@code stride} apart
     * @param targets {@code [rows x targetWidth(outputs)]}
     * @param scores {@code [rows x outputs]}, overwritten
     * @param losses {@code [rows]}, overwritten
     * @param scratch {@code [rows]}, overwritten
     * @throws IllegalArgumentException if a target does not fit this loss; scores and losses are not valid then
     */
    void evaluate(
            Kernels kernels,
            int rows,
            float[] logits,
            int stride,
            int outputs,
            float[] targets,
            float[] scores,
            float[] losses,
            double[] scratch);

    /** {@link #evaluate} row by row. */
    static void evaluateEach(
            Loss loss,
            int rows,
            float[] logits,
            int stride,
            int outputs,
            float[] targets,
            float[] scores,
            float[] losses) {
        int width = loss.targetWidth(outputs);
        for (int i = 0; i < rows; i++) {
            losses[i] = loss.evaluate(logits, i * stride, outputs, targets, i * width, scores, i * outputs);
        }
    }

    /**
     * The derivative, with respect to the logits, of {@code scale} times the loss of one row.
     *
     * @param scores {@code [outputs]}, as {@link #evaluate} left them for the same targets
     * @param gradient {@code [outputs]} from {@code gradientOffset}, overwritten
     */
    void gradient(
            float[] scores,
            int scoresOffset,
            int outputs,
            float[] targets,
            int targetsOffset,
            float scale,
            float[] gradient,
            int gradientOffset);

    /**
     * The product of a direction with the Hessian, with respect to the logits, of {@code scale} times the loss of one row. With the canonical
     * link it is {@code scale} times the derivative of the scores along the direction, so it does not depend on the target.
     *
     * @param scores {@code [outputs]}, as in {@link #gradient}
     * @param direction {@code [outputs]} from {@code directionOffset}: a direction of the logits
     * @param product {@code [outputs]} from {@code productOffset}, overwritten; not the direction itself
     */
    void hessianProduct(
            float[] scores,
            int scoresOffset,
            int outputs,
            float scale,
            float[] direction,
            int directionOffset,
            float[] product,
            int productOffset);

    /**
     * The loss with this name.
     *
     * @throws IllegalArgumentException if the name is unknown; the message lists the known ones
     */
    static Loss of(String name) {
        return Losses.FAMILY.create(name, Map.of());
    }
}
