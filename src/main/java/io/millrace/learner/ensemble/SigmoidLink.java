package io.millrace.learner.ensemble;

import io.millrace.nn.kernels.Reproducible;

/** Labels that do not exclude each other: terms are logits, answers probabilities. */
final class SigmoidLink implements Link {
    private final int labels;

    SigmoidLink(int labels) {
        this.labels = labels;
    }

    @Override
    public void terms(float[] logits, int from, double[] terms, int to) {
        IdentityLink.clip(logits, from, terms, to, labels);
    }

    @Override
    public void answer(double[] sums) {
        for (int k = 0; k < labels; k++) {
            sums[k] = Reproducible.sigmoid((float) sums[k]);
        }
    }

    @Override
    public void errors(double[] answer, float[] target, double[] errors) {
        for (int k = 0; k < labels; k++) {
            errors[k] = answer[k] - target[k];
        }
    }

    /** {@code log(1 + e^s) - y s}, from the side on which the exponential is at most 1. */
    @Override
    public double loss(double[] sums, int from, float[] target) {
        double loss = 0;
        for (int k = 0; k < labels; k++) {
            double s = sums[from + k];
            loss += Math.max(s, 0) - target[k] * s + Reproducible.log(1.0 + Reproducible.exp((float) -Math.abs(s)));
        }
        return loss;
    }

    @Override
    public double curvature(double answer) {
        return answer * (1 - answer);
    }

    @Override
    public boolean centred() {
        return false;
    }
}
