package io.millrace.learner.ensemble;

import io.millrace.learner.input.TargetScaler;
import io.millrace.learner.spec.Task;
import io.millrace.nn.kernels.Reproducible;
import java.util.Arrays;

/**
 * An expert that knows only the last label: how much more often it stays than by chance. It is flat where labels are independent. What was known
 * at the prediction of an example is {@link #know kept} until its label is learned. Of a regression it knows the last targets.
 */
final class LabelMemory {
    private static final double SHARE = 0.01; // least weight of a new label
    private static final double STAY = 0.001;
    private static final double LEAST = 1e-4;

    private final float[] last; // [1], the class, or [targets]; NaN: none yet
    private final double[] shares; // [classes]; empty in a regression
    private double stay = 0.5;
    private double chance = 0.5;
    private long labels;
    private final float[] knownLast; // as last
    private double knownShare;

    /** @param outputs number of classes or targets */
    LabelMemory(Task task, int outputs) {
        boolean classes = task == Task.CLASSIFICATION;
        shares = new double[classes ? outputs : 0];
        Arrays.fill(shares, 1.0 / outputs);
        last = new float[classes ? 1 : outputs];
        Arrays.fill(last, Float.NaN);
        knownLast = last.clone();
    }

    /** Whether the labels of this task have an order in which one stays. Labels that do not exclude each other have none. */
    static boolean fits(Task task) {
        return task != Task.MULTILABEL;
    }

    /** Keeps what is known before the label of the example that is predicted now. */
    void know() {
        System.arraycopy(last, 0, knownLast, 0, last.length);
        knownShare = shares.length == 0 || !known() ? 0 : shares[(int) last[0]];
    }

    private boolean known() {
        return !Float.isNaN(knownLast[0]);
    }

    /**
     * Logits of the classes, or scaled targets, from what was known.
     *
     * @param targetMeans statistics of the targets, if it is a regression
     */
    void logits(double[] targetMeans, double[] targetVariances, float[] logits) {
        if (!known()) {
            Arrays.fill(logits, 0f);
            return;
        }
        if (shares.length == 0) {
            for (int k = 0; k < last.length; k++) {
                logits[k] = TargetScaler.scale(knownLast[k], targetMeans[k], targetVariances[k]);
            }
            return;
        }
        Arrays.fill(logits, (float) Reproducible.log((1 - stay) / (1 - chance)));
        logits[(int) knownLast[0]] = (float) Reproducible.log(stay / chance);
    }

    /** Learns the label of the example, in its unit. */
    void learn(float[] label) {
        labels++;
        System.arraycopy(label, 0, last, 0, last.length);
        if (shares.length == 0) {
            return;
        }
        if (known()) {
            double rate = Math.max(1.0 / (labels + 1), STAY);
            stay = bounded(stay + rate * ((knownLast[0] == label[0] ? 1 : 0) - stay));
            chance = bounded(chance + rate * (knownShare - chance));
        }
        double rate = Math.max(1.0 / (labels + shares.length), SHARE);
        for (int c = 0; c < shares.length; c++) {
            shares[c] += rate * ((c == (int) label[0] ? 1 : 0) - shares[c]);
        }
    }

    private static double bounded(double p) {
        return Math.max(LEAST, Math.min(1 - LEAST, p));
    }

    /** The complete state: number of labels, stay, chance, the last label or targets, the shares of the classes. */
    double[] toDoubles() {
        double[] state = new double[length()];
        state[0] = labels;
        state[1] = stay;
        state[2] = chance;
        for (int k = 0; k < last.length; k++) {
            state[3 + k] = last[k];
        }
        System.arraycopy(shares, 0, state, 3 + last.length, shares.length);
        return state;
    }

    /** Length of {@link #toDoubles}. */
    int length() {
        return 3 + last.length + shares.length;
    }

    /**
     * The inverse of {@link #toDoubles}.
     *
     * @throws IllegalStateException when no memory of labels has written these numbers
     */
    void fromDoubles(double[] state) {
        labels = (long) state[0];
        stay = state[1];
        chance = state[2];
        for (int k = 0; k < last.length; k++) {
            last[k] = (float) state[3 + k];
        }
        System.arraycopy(state, 3 + last.length, shares, 0, shares.length);
        boolean valid = state[0] >= 0
                && state[0] < 1L << 62 // more than any stream has; a learner counts on
                && stay >= LEAST
                && stay < 1
                && chance >= LEAST
                && chance < 1
                && Arrays.stream(shares).allMatch(share -> share >= 0 && share <= 1);
        if (!valid || shares.length > 0 && !(Float.isNaN(last[0]) || last[0] >= 0 && last[0] < shares.length)) {
            throw new IllegalStateException("the saved state holds a memory of labels that no learner has written: "
                    + Arrays.toString(Arrays.copyOf(state, 4)));
        }
    }
}
