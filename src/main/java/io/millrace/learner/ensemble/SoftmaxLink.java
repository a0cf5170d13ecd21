package io.millrace.learner.ensemble;

import io.millrace.nn.kernels.Reproducible;

/** One class out of several: terms are log-probabilities, answers probabilities. */
final class SoftmaxLink implements Link {
    private final int classes;

    SoftmaxLink(int classes) {
        this.classes = classes;
    }

    @Override
    public void terms(float[] logits, int from, double[] terms, int to) {
        float largest = logits[from];
        for (int c = 1; c < classes; c++) {
            largest = Math.max(largest, logits[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Reproducible.exp(logits[from + c] - largest);
        }
        double log = Reproducible.log(sum) + largest;
        for (int c = 0; c < classes; c++) {
            double term = logits[from + c] - log;
            terms[to + c] = term > -LIMIT ? term : -LIMIT; // NaN, too
        }
    }

    @Override
    public void answer(double[] sums) {
        double largest = sums[0];
        for (int c = 1; c < classes; c++) {
            largest = Math.max(largest, sums[c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sums[c] = Reproducible.exp((float) (sums[c] - largest));
            sum += sums[c];
        }
        for (int c = 0; c < classes; c++) {
            sums[c] /= sum;
        }
    }

    @Override
    public void errors(double[] answer, float[] target, double[] errors) {
        System.arraycopy(answer, 0, errors, 0, classes);
        errors[(int) target[0]] -= 1;
    }

    @Override
    public double loss(double[] sums, int from, float[] target) {
        double largest = sums[from];
        for (int c = 1; c < classes; c++) {
            largest = Math.max(largest, sums[from + c]);
        }
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += Reproducible.exp((float) (sums[from + c] - largest));
        }
        return Reproducible.log(sum) + largest - sums[from + (int) target[0]];
    }

    /** Its terms are log-probabilities. */
    @Override
    public double expertLoss(double[] terms, int from, float[] target) {
        return -terms[from + (int) target[0]];
    }

    @Override
    public double curvature(double answer) {
        return answer;
    }

    @Override
    public boolean centred() {
        return true;
    }
}
