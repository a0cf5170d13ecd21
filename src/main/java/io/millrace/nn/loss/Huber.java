package io.millrace.nn.loss;

import io.millrace.nn.kernels.Kernels;

/**
 * Half the squared error where the error is at most {@code delta}, linear beyond (Huber, 1964), summed over the outputs of a row. The gradient of
 * an output is its error, clipped to {@code delta}. The scores are the outputs themselves.
 *
 * @param delta {@code > 0}
 */
public record Huber(float delta) implements Loss {
    /** {@value}. */
    public static final String NAME = "huber";

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
            double error = Math.abs((double) logits[logitsOffset + j] - targets[targetsOffset + j]);
            sum += error <= delta ? 0.5 * error * error : delta * (error - 0.5 * delta);
        }
        return (float) sum;
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
            float error = scores[scoresOffset + j] - targets[targetsOffset + j];
            gradient[gradientOffset + j] = scale * Math.max(-delta, Math.min(delta, error));
        }
    }

    /** The Hessian is taken as the identity, as within {@code delta}: it depends on the target beyond. */
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
