package io.millrace.nn.loss;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.Reproducible;

/**
 * Cross-entropy of independent sigmoids, {@code sum_k softplus(z_k) - y_k z_k}: each output answers one yes-or-no question. The
 * target holds a number in 0..1 for each output.
 */
public record SigmoidCrossEntropy() implements Loss {
    /** {@value}. */
    public static final String NAME = "sigmoid_cross_entropy";

    static final Algorithm<Loss> ALGORITHM =
            new Algorithm<>(NAME, "each output answers one yes-or-no question.", options -> Loss.SIGMOID_CROSS_ENTROPY);

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
        for (int j = 0; j < outputs; j++) {
            scores[scoresOffset + j] = Reproducible.sigmoid(logits[logitsOffset + j]);
        }
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
        double loss = 0;
        for (int j = 0; j < outputs; j++) {
            float z = logits[logitsOffset + j];
            float y = targets[targetsOffset + j];
            if (!(y >= 0f && y <= 1f)) {
                throw new IllegalArgumentException(
                        "the target " + y + " of output " + j + " is not a probability: give a number in 0..1");
            }
            float e = Reproducible.exp(-Math.abs(z));
            scores[scoresOffset + j] = (z < 0f ? e : 1f) / (1f + e);
            // softplus(z) - y z = max(z, 0) - y z + log(1 + exp(-|z|))
            double linear = z < 0f ? -(double) y * z : (1.0 - y) * z;
            loss += linear + Reproducible.log(1.0 + e);
        }
        return (float) loss;
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

    /** The Hessian is diagonal, {@code p (1 - p)}. */
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
            float p = scores[scoresOffset + j];
            product[productOffset + j] = scale * (p * (1f - p)) * direction[directionOffset + j];
        }
    }
}
