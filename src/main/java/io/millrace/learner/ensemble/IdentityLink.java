package io.millrace.learner.ensemble;

/** Numbers, in units of their deviation. */
final class IdentityLink implements Link {
    private final int targets;

    IdentityLink(int targets) {
        this.targets = targets;
    }

    static void clip(float[] logits, int from, double[] terms, int to, int count) {
        for (int k = 0; k < count; k++) {
            float z = logits[from + k];
            terms[to + k] = z == z ? Math.max(-LIMIT, Math.min(LIMIT, z)) : 0;
        }
    }

    @Override
    public void terms(float[] logits, int from, double[] terms, int to) {
        clip(logits, from, terms, to, targets);
    }

    @Override
    public void answer(double[] sums) {}

    @Override
    public void errors(double[] answer, float[] target, double[] errors) {
        for (int k = 0; k < targets; k++) {
            errors[k] = answer[k] - target[k];
        }
    }

    @Override
    public double loss(double[] sums, int from, float[] target) {
        double loss = 0;
        for (int k = 0; k < targets; k++) {
            double error = sums[from + k] - target[k];
            loss += error * error / 2;
        }
        return loss;
    }

    @Override
    public double curvature(double answer) {
        return 1;
    }

    @Override
    public boolean centred() {
        return false;
    }
}
