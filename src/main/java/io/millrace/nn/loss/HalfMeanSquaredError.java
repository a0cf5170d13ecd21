package io.millrace.nn.loss;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Kernels;

/**
 * Half the squared error, {@code 1/2 sum_k (z_k - y_k)^2}, summed over the outputs of a row; the trainer computes the mean over rows.
 * The scores are the outputs themselves.
 */
public record HalfMeanSquaredError() implements Loss {
    /** {@value}. */
    public static final String NAME = "half_mse";

    static final Algorithm<Loss> ALGORITHM =
            new Algorithm<>(NAME, "half the squared error, for real targets.", options -> Loss.HALF_MEAN_SQUARED_ERROR);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int targetWidth(int outputs) {
        return outputs;
    }

    @Override
    public void scores(float[] logits, int logitsOffset, int outputs, float[] scores, int scoresOffset) {
        System.arraycopy(logits, logitsOffset, scores, scoresOffset, outputs);
    }

    @Override
    public float evaluate(
            float[] logits,
            int logitsOffset,
            int outputs,
            float[] targets,
            int targetsOffset,
            float[] scores,
            int scoresOffset) {
        scores(logits, logitsOffset, outputs, scores, scoresOffset);
        double sum = 0;
        for (int j = 0; j < outputs; j++) {
            double error = (double) logits[logitsOffset + j] - targets[targetsOffset + j];
            sum = Math.fma(error, error, sum);
        }
        return (float) (0.5 * sum);
    }

    @Override
    public void evaluate(
            Kernels kernels,
            int rows,
            float[] logits,
            int stride,
            int outputs,
            float[] targets,
            float[] scores,
            float[] losses,
            double[] scratch) {
        Loss.evaluateEach(this, rows, logits, stride, outputs, targets, scores, losses);
    }

    @Override
    public void gradient(
            float[] scores,
            int scoresOffset,
            int outputs,
            float[] targets,
            int targetsOffset,
            float scale,
            float[] gradient,
            int gradientOffset) {
        for (int j = 0; j < outputs; j++) {
            gradient[gradientOffset + j] = scale * (scores[scoresOffset + j] - targets[targetsOffset + j]);
        }
    }

    /** The Hessian is the identity. */
    @Override
    public void hessianProduct(
            float[] scores,
            int scoresOffset,
            int outputs,
            float scale,
            float[] direction,
            int directionOffset,
            float[] product,
            int productOffset) {
        for (int j = 0; j < outputs; j++) {
            product[productOffset + j] = scale * direction[directionOffset + j];
        }
    }
}
