package io.millrace.nn.loss;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Kernels;
import io.millrace.nn.kernels.Reproducible;

/**
 * Cross-entropy of a softmax, {@code -log softmax(z)[y]}: one class of {@code outputs}. The target is the index of the class,
 * stored as a float.
 */
public record SoftmaxCrossEntropy() implements Loss {
    /** From this many rows on, kernels compute the exponentials and logarithms of all rows at once. */
    private static final int MIN_ROWS = 4;

    /** {@value}. */
    public static final String NAME = "softmax_cross_entropy";

    static final Algorithm<Loss> ALGORITHM =
            new Algorithm<>(NAME, "for one class out of several.", options -> Loss.SOFTMAX_CROSS_ENTROPY);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int targetWidth(int outputs) {
        return 1;
    }

    @Override
    public void scores(float[] logits, int logitsOffset, int outputs, float[] scores, int scoresOffset) {
        int largest = largest(logits, logitsOffset, outputs);
        double others = exponentials(logits, logitsOffset, outputs, largest, scores, scoresOffset);
        normalize(scores, scoresOffset, outputs, others);
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
        int target = classOf(targets[targetsOffset], outputs);
        int largest = largest(logits, logitsOffset, outputs);
        double others = exponentials(logits, logitsOffset, outputs, largest, scores, scoresOffset);
        normalize(scores, scoresOffset, outputs, others);
        return loss(Reproducible.log(1.0 + others), logits, logitsOffset, largest, target);
    }

    private static float loss(double log, float[] logits, int offset, int largest, int target) {
        double margin = (double) logits[offset + largest] - logits[offset + target];
        return (float) (log + margin);
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
        if (rows < MIN_ROWS) {
            Loss.evaluateEach(this, rows, logits, stride, outputs, targets, scores, losses);
            return;
        }
        for (int i = 0; i < rows; i++) {
            classOf(targets[i], outputs);
            int largest = largest(logits, i * stride, outputs);
            float shift = logits[i * stride + largest];
            for (int j = 0; j < outputs; j++) {
                scores[i * outputs + j] = logits[i * stride + j] - shift;
            }
            losses[i] = largest; // for the loops below
        }
        kernels.expOfMagnitude(scores, rows * outputs); // none is above 0
        for (int i = 0; i < rows; i++) {
            double others = sumOfOthers(scores, i * outputs, outputs, (int) losses[i]);
            normalize(scores, i * outputs, outputs, others);
            scratch[i] = 1.0 + others;
        }
        kernels.log(scratch, rows);
        for (int i = 0; i < rows; i++) {
            losses[i] = loss(scratch[i], logits, i * stride, (int) losses[i], (int) targets[i]);
        }
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
            gradient[gradientOffset + j] = scale * scores[scoresOffset + j];
        }
        int target = (int) targets[targetsOffset];
        gradient[gradientOffset + target] = scale * (scores[scoresOffset + target] - 1f);
    }

    /** The Hessian is {@code diag(p) - p p^T}: {@code p_j (r_j - sum_k p_k r_k)}. */
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
        double mean = 0;
        for (int j = 0; j < outputs; j++) {
            mean += (double) scores[scoresOffset + j] * direction[directionOffset + j];
        }
        for (int j = 0; j < outputs; j++) {
            float difference = (float) (direction[directionOffset + j] - mean);
            product[productOffset + j] = scale * scores[scoresOffset + j] * difference;
        }
    }

    private static int largest(float[] logits, int offset, int outputs) {
        int largest = 0;
        for (int j = 1; j < outputs; j++) {
            if (logits[offset + j] > logits[offset + largest]) {
                largest = j;
            }
        }
        return largest;
    }

    /** {@code scores[j] = exp(z[j] - z[largest])}, and {@link #sumOfOthers}. */
    private static double exponentials(
            float[] logits, int logitsOffset, int outputs, int largest, float[] scores, int scoresOffset) {
        float shift = logits[logitsOffset + largest];
        for (int j = 0; j < outputs; j++) {
            scores[scoresOffset + j] = Reproducible.exp(logits[logitsOffset + j] - shift);
        }
        return sumOfOthers(scores, scoresOffset, outputs, largest);
    }

    /** The sum of exponentials without the largest, which is exactly 1, so that {@code log(1 + sum)} keeps the small losses of confident answers. */
    private static double sumOfOthers(float[] exponentials, int offset, int outputs, int largest) {
        double others = 0;
        for (int j = 0; j < outputs; j++) {
            int mask = (j - largest | largest - j)
                    >> 31; // 0 for the largest, else -1; a branch would be mispredicted often
            others += Float.intBitsToFloat(Float.floatToRawIntBits(exponentials[offset + j]) & mask);
        }
        return others;
    }

    private static void normalize(float[] scores, int offset, int outputs, double others) {
        float factor = (float) (1.0 / (1.0 + others));
        for (int j = 0; j < outputs; j++) {
            scores[offset + j] *= factor;
        }
    }

    private static int classOf(float target, int outputs) {
        int index = (int) target;
        if (index != target || index < 0 || index >= outputs) {
            throw new IllegalArgumentException(
                    "the target " + target + " is not a class index: give an integer in 0.." + (outputs - 1));
        }
        return index;
    }
}
