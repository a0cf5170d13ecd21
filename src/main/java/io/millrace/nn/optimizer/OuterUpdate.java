package io.millrace.nn.optimizer;

import io.millrace.nn.kernels.Kernels;

/**
 * An optimizer's update with the gradient of a single row. This gradient is the product of two vectors, so it need not be written to memory
 * and read again, which takes as long as everything else for a wide layer. Gives the same bits as {@link Kernels#outer} followed by
 * {@link Optimizer#update}. For one thread.
 */
public interface OuterUpdate {
    /**
     * Begins a step.
     *
     * @param step number of this step, from 1
     */
    void begin(float learningRate, long step);

    /**
     * Updates the weights {@code W} {@code [m x n]} of a layer with the gradient {@code x y^T}. Allocates nothing.
     *
     * @param x {@code [m]} from 0
     * @param y {@code [n]} from 0
     * @param n a padded width
     * @param offset of {@code W} in the parameters
     */
    void move(Kernels kernels, int m, int n, float[] x, float[] y, float[] parameters, int offset);

    /**
     * Updates single rows of a matrix, one after the other: row {@code ids[i]} has the gradient {@code values[i] y}, for {@code i} in
     * {@code from..to}. Allocates nothing.
     *
     * @param y {@code [n]} from 0
     * @param n a padded width
     * @param offset of the matrix in the parameters
     */
    void moveRows(
            Kernels kernels,
            int from,
            int to,
            int[] ids,
            float[] values,
            float[] y,
            int n,
            float[] parameters,
            int offset);
}
