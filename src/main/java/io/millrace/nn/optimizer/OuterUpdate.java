package io.millrace.nn.optimizer;

import io.millrace.nn.kernels.Kernels;

/**
 * An optimizer's update by the gradient of a single row, which is the product of two vectors: so the gradient need not be written
 * to memory and read again, which for a wide layer takes as long as all else. Gives the bits of {@link Kernels#outer} followed by
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
     * Moves the weights {@code W} {@code [m x n]} of a layer by the gradient {@code x y^T}. Allocates nothing.
     *
     * @param x {@code [m]} from 0
     * @param y {@code [n]} from 0
     * @param n a padded width
     * @param offset of {@code W} in the parameters
     */
    void move(Kernels kernels, int m, int n, float[] x, float[] y, float[] parameters, int offset);
}
