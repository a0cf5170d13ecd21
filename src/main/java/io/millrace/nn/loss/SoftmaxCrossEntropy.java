package io.millrace.nn.loss;

import io.millrace.nn.algorithm.Algorithm;
import io.millrace.nn.kernels.Reproducible;

/**
 * Cross-entropy of a softmax, {@code -log softmax(z)[y]}: one class of {@code outputs}. The target is the index of the class,
 * stored as a float.
 */
public record SoftmaxCrossEntropy() implements Loss {
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
        double margin = (double) logits[logitsOffset + largest] - logits[logitsOffset + target];
        return (float) (Reproducible.log(1.0 + others) + margin);
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

    /**
     * {@code scores[j] = exp(z[j] - z[largest])}. The sum leaves out the largest, which is exactly 1, so that {@code log(1 + sum)}
     * keeps the small losses of confident answers.
     */
    private static double exponentials(
            float[] logits, int logitsOffset, int outputs, int largest, float[] scores, int scoresOffset) {
        float shift = logits[logitsOffset + largest];
        double others = 0;
        for (int j = 0; j < outputs; j++) {
            float e = Reproducible.exp(logits[logitsOffset + j] - shift);
            scores[scoresOffset + j] = e;
            int mask = (j - largest | largest - j)
                    >> 31; // 0 for the largest, else -1; a branch would be mispredicted often
            others += Float.intBitsToFloat(Float.floatToRawIntBits(e) & mask);
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
